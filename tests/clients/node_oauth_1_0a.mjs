// Signs requests with oauth-1.0a, and sends them with fetch; see README.md for what comes in and goes out.
//
//     npm ci --ignore-scripts
//     node node_oauth_1_0a.mjs

import { createHash, createHmac, createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Unsupported, asObject, drive, urlWithQuery } from "./driver.mjs";

// Not `import`: that would not look into NODE_PATH.
const OAuth = createRequire(import.meta.url)("oauth-1.0a");

// The library leaves these to its caller.
function hashFunction({ signature_method: method, private_key }) {
  const hash = method.split("-")[1]?.toLowerCase();
  if (/^HMAC-SHA\d+$/.test(method)) return (text, key) => createHmac(hash, key).update(text).digest("base64");
  if (/^RSA-SHA\d+$/.test(method)) {
    return (text) => createSign(hash).update(text).sign(readFileSync(private_key), "base64");
  }
  if (method === "PLAINTEXT") return undefined; // it has this one itself
  throw new Unsupported(`nobody defined ${method}`);
}

function bodyHashFunction({ signature_method: method, body_hash }) {
  if (!body_hash) return undefined;
  if (method === "PLAINTEXT") throw new Unsupported("no hash goes with PLAINTEXT");
  return (body) => createHash(method.split("-")[1].toLowerCase()).update(body).digest("base64");
}

function signed(wanted) {
  const oauth = new OAuth({
    consumer: { key: wanted.client_key, secret: wanted.client_secret },
    signature_method: wanted.signature_method,
    hash_function: hashFunction(wanted),
    body_hash_function: bodyHashFunction(wanted),
  });
  const token = wanted.token === null ? undefined : { key: wanted.token, secret: wanted.token_secret };
  const url = urlWithQuery(wanted);
  const data = wanted.body_hash && wanted.json !== null ? wanted.json : asObject(wanted.form);
  const authorized = oauth.authorize({ url, method: wanted.method, data, includeBodyHash: wanted.body_hash }, token);

  const { method } = wanted;
  switch (wanted.transport) {
    case "header": {
      const headers = oauth.toHeader(authorized);
      if (wanted.json !== null) headers["Content-Type"] = "application/json";
      return request(url, { method, headers, body: wanted.json ?? (wanted.form && new URLSearchParams(wanted.form)) });
    }
    case "body": {
      // As in the README of the library: all that `authorize` returns is the form.
      if (wanted.json !== null) throw new Unsupported("no parameters in a body of JSON");
      const form = Object.entries(authorized).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
      return request(url, { method, body: new URLSearchParams(form) });
    }
    default:
      throw new Unsupported("it does not write queries");
  }
}

// `fetch` takes no body with GET, for one.
function request(url, options) {
  try {
    return new Request(url, options);
  } catch (error) {
    throw new Unsupported(error.message);
  }
}

await drive({
  async sign(wanted) {
    const request = signed(wanted);
    const body = request.body && (await request.text());
    return { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body };
  },

  async send(wanted) {
    const response = await fetch(signed(wanted));
    return { status: response.status, body: await response.text() };
  },
});
