// A handler that is bundled, and reads a secret with the client that lies in the layer.
import * as warmkey from "warmkey";

export const handler = async () => warmkey.get("KEY");
