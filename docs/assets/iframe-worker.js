// Search from a disk: there browsers start no worker, so its script runs in a hidden frame.
if (location.protocol === "file:") {
  const load = (frame, address) =>
    new Promise((resolve, reject) => {
      const script = frame.document.createElement("script");
      Object.assign(script, { src: address, onload: resolve, onerror: reject });
      frame.document.head.append(script);
    });

  window.Worker = class extends EventTarget {
    #frame;
    #loaded;

    constructor(address) {
      super();
      const element = document.createElement("iframe");
      element.hidden = true;
      document.body.append(element);
      this.#frame = element.contentWindow;
      this.#frame.postMessage = (data) =>
        this.dispatchEvent(new MessageEvent("message", { data }));
      this.#frame.importScripts = async (...addresses) => {
        for (const each of addresses) await load(this.#frame, each);
      };
      this.#loaded = load(this.#frame, address);
    }

    async postMessage(data) {
      await this.#loaded;
      this.#frame.dispatchEvent(new MessageEvent("message", { data }));
    }

    terminate() {
      this.#frame.frameElement.remove();
    }
  };
}
