// What the drivers in JavaScript share: lines in, lines out; see README.md.

/** The library cannot do this. */
export class Unsupported extends Error {}

/**
 * Answers every line of standard input. `sign` gives the signed request, as `{method, url, headers, body}`,
 * and `send` the `{status, body}` of the answer to it.
 */
export async function drive({ sign, send }) {
  for await (const line of lines(process.stdin)) {
    const wanted = { transport: "header", ...JSON.parse(line) };
    let reply;
    try {
      reply = await (wanted.send ? send : sign)(wanted);
    } catch (error) {
      const { message, cause } = error;
      reply = error instanceof Unsupported ? { unsupported: message } : { failed: `${message} ${cause ?? ""}` };
    }
    process.stdout.write(`${JSON.stringify({ id: wanted.id, ...reply })}\n`);
  }
}

// `readline` would end lines at U+2028 too, which may stand in JSON.
async function* lines(stream) {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const all = (rest + chunk).split("\n");
    rest = all.pop();
    yield* all;
  }
}

/** The URL with these at the end of its query, encoded as RFC 5849 §3.6 has it, but for `!'()*`. */
export function urlWithQuery({ url, query }) {
  if (!query.length) return url;
  const added = query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return url + (url.includes("?") ? "&" : "?") + added;
}

/** Pairs as an object, which is what both libraries take: a name that is there more often has an array. */
export function asObject(pairs) {
  const object = {};
  for (const [name, value] of pairs ?? []) {
    object[name] = Object.hasOwn(object, name) ? [object[name], value].flat() : value;
  }
  return object;
}
