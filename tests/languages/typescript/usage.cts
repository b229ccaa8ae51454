// The same, as a CommonJS module.

import warmkey = require("warmkey");

export const key: Promise<string> = warmkey.get("STRIPE_SECRET_KEY");
export const client: warmkey.Client = new warmkey.Client();
