// Signs and sends requests with oauth (node-oauth); see README.md for what comes in and goes out.
//
//     npm ci --ignore-scripts
//     node node_oauth.mjs

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Unsupported, asObject, drive, urlWithQuery } from "./driver.mjs";

// Not `import`: that would not look into NODE_PATH.
const { OAuth } = createRequire(import.meta.url)("oauth");

function client(wanted) {
  if (wanted.body_hash) throw new Unsupported("it has no oauth_body_hash");
  const secret = wanted.private_key ? readFileSync(wanted.private_key, "utf8") : wanted.client_secret;
  try {
    return new OAuth(null, null, wanted.client_key, secret, "1.0", null, wanted.signature_method);
  } catch (error) {
    throw new Unsupported(error.message);
  }
}

/** Calls the method of the library that is for such a request. */
function perform(oauth, wanted, callback) {
  const { method, token, token_secret, form, json } = wanted;
  const url = urlWithQuery(wanted);
  switch (method) {
    case "POST":
    case "PUT":
      return json === null
        ? oauth[method.toLowerCase()](url, token, token_secret, asObject(form), callback)
        : oauth[method.toLowerCase()](url, token, token_secret, json, "application/json", callback);
    default:
      if (form !== null || json !== null) throw new Unsupported(`it sends no body with ${method}`);
      return oauth.getProtectedResource(url, method, token, token_secret, callback);
  }
}

function signedUrl(oauth, wanted) {
  if (wanted.form !== null || wanted.json !== null) throw new Unsupported("signUrl knows no body");
  return oauth.signUrl(urlWithQuery(wanted), wanted.token, wanted.token_secret, wanted.method);
}

await drive({
  sign(wanted) {
    const oauth = client(wanted);
    if (wanted.transport === "query") {
      return { method: wanted.method, url: signedUrl(oauth, wanted), headers: {}, body: null };
    }
    if (wanted.transport !== "header") throw new Unsupported("it puts no signature into a body");
    // The place where it opens the connection: what it would send is all there.
    let signed;
    oauth._createClient = (port, host, method, path, given) => {
      const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
      signed = { method, url: `http://${host}:${port}${path}`, headers, body: null };
      return { write: (body) => (signed.body = body) };
    };
    perform(oauth, wanted);
    return signed;
  },

  async send(wanted) {
    const oauth = client(wanted);
    if (wanted.transport === "query") {
      const response = await fetch(signedUrl(oauth, wanted), { method: wanted.method });
      return { status: response.status, body: await response.text() };
    }
    if (wanted.transport !== "header") throw new Unsupported("it puts no signature into a body");
    return new Promise((resolve, reject) => {
      perform(oauth, wanted, (error, body, response) =>
        response ? resolve({ status: response.statusCode, body }) : reject(error),
      );
    });
  },
});
