// Logs in and calls the API with twitter-api-v2, unmodified and at its real addresses.
//
//     node twitter_api_v2.mjs CALLBACK
//
// It prints one line of JSON for each call to the API.
import { createRequire } from "node:module";

const { TwitterApi } = createRequire(import.meta.url)("twitter-api-v2");

const [callback] = process.argv.slice(2);
const keys = { appKey: "login-test-key", appSecret: "login test secret & 100%" };

/** Opens the authorize URL as a browser does, and returns the verifier or PIN. */
async function approve(url) {
  const response = await fetch(url, { redirect: "manual" });
  if (response.status === 303) {
    return new URL(response.headers.get("location")).searchParams.get("oauth_verifier");
  }
  return /PIN: (\d+)/.exec(await response.text())[1];
}

function called(what, answer) {
  console.log(JSON.stringify({ called: what, answer: String(answer) }));
}

const link = await new TwitterApi(keys).generateAuthLink(callback, { linkMode: "authorize" });
const verifier = await approve(link.url);
const pending = new TwitterApi({ ...keys, accessToken: link.oauth_token, accessSecret: link.oauth_token_secret });
const { client, userId, screenName } = await pending.login(verifier);
if (userId !== "785027577" || screenName !== "jane") throw new Error(`${userId} ${screenName}`);
called("v1.verifyCredentials", (await client.v1.verifyCredentials()).screen_name);
called("v2.me", (await client.v2.me({ "user.fields": ["id", "name"] })).data.username);
called("v2.tweet", (await client.v2.tweet("tea & cake ☕ 100%")).data.id);
called("v1.post", (await client.v1.post("statuses/update.json", { status: "tea & cake [1]" })).screen_name);
