// Prints what Mastercard's library for Node signs: a line of JSON for each request, as libraries.py does.
//
//     node mastercard.mjs PRIVATE-KEY-FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const oauth = createRequire(import.meta.url)("mastercard-oauth1-signer");

const key = readFileSync(process.argv[2], "utf8");

function record(what, method, url, body) {
  const authorization = oauth.getAuthorizationHeader(url, method, body, "key!id", key);
  const headers = { Authorization: authorization };
  if (body) headers["Content-Type"] = "application/json; charset=utf-8";
  console.log(JSON.stringify({ library: "mastercard (node)", what, method, url, headers, body: body ?? "" }));
}

record("GET", "GET", "https://sandbox.api.mastercard.com/service/a");
record("GET with a query", "GET", "https://sandbox.api.mastercard.com/service?b=2&a=1&tea=cake%20%26%20more");
record("POST of JSON", "POST", "https://sandbox.api.mastercard.com/service", '{"name":"tea & cake ☕"}');
