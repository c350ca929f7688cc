// Reads an AsyncAPI document with AsyncAPI's own parser; prints what it found as JSON.
//   node asyncapi.mjs FILE

import { readFile } from "node:fs/promises";
import process from "node:process";

import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(
  await readFile(process.argv[2], "utf-8"),
);
const channels = (document?.channels().all() ?? []).map((channel) => ({
  address: channel.address(),
  messages: channel.messages().all().map((message) => message.name()),
}));
process.stdout.write(
  JSON.stringify({
    version: document?.version() ?? null,
    channels,
    // 0 is an error, 1 a warning; the rest is advice on style.
    problems: diagnostics
      .filter(({ severity }) => severity <= 1)
      .map(({ code, message, path }) => `${code}: ${message} at ${path.join(".")}`),
  }),
);
