// A real Chromium driven line by line: one JSON command on standard input, one JSON answer.
// tests/support/browser.py is the other side.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The browser that is named, else the machine's own, else the one from npm (Linux on x86-64). */
async function findBrowser() {
  if (process.env.TOCSIN_CHROMIUM) return { executablePath: process.env.TOCSIN_CHROMIUM, args: [] };
  for (const name of NAMES) {
    try {
      return { executablePath: execFileSync("which", [name], { encoding: "utf8" }).trim(), args: [] };
    } catch {
      // Not this one.
    }
  }
  if (existsSync(MAC)) return { executablePath: MAC, args: [] };
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("no Chromium: install Chrome or Chromium (Debian: apt-get install chromium), "
      + "or set TOCSIN_CHROMIUM to its path");
  }
  return unpackBrowser();
}

/** The one from npm brings along the libraries and fonts that a bare machine lacks. */
async function unpackBrowser() {
  const { default: packed, inflate } = await import("@sparticuz/chromium");
  const bin = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");
  const executablePath = await packed.executablePath(bin);
  const libraries = join(await inflate(join(bin, "al2023.tar.br")), "lib");
  const former = process.env.LD_LIBRARY_PATH;
  return {
    executablePath,
    args: packed.args,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: former ? `${libraries}:${former}` : libraries,
      FONTCONFIG_PATH: join(tmpdir(), "fonts"),
    },
  };
}

const found = await findBrowser();
const browser = await chromium.launch({
  executablePath: found.executablePath,
  env: found.env ?? process.env,
  // The sandbox needs rights that containers and root lack; only our own pages are opened.
  args: [...found.args, "--no-sandbox", "--disable-dev-shm-usage"],
});
let page = null;
let problems = [];
let foreign = [];

const commands = {
  async open({ url, width = 1440, height = 900, scheme = "light" }) {
    await page?.context().close();
    problems = [];
    foreign = [];
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme: scheme, timezoneId: "Europe/Kyiv",
    });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    const home = new URL(url).origin;
    page.on("request", (request) => {
      if (!request.url().startsWith(home)) foreign.push(request.url());
    });
    await page.goto(url);
  },
  evaluate: ({ expression }) => page.evaluate(expression),
  // Playwright's own waiting evaluates text inside the page, which its policy forbids.
  wait: async ({ expression, seconds }) => {
    const start = performance.now();
    while (!(await page.evaluate(expression))) {
      if (performance.now() - start > seconds * 1000) throw new Error(`not within ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return (performance.now() - start) / 1000;
  },
  click: ({ selector }) => page.click(selector),
  fill: ({ selector, text }) => page.fill(selector, text),
  select: ({ selector, value }) => page.selectOption(selector, value),
  press: ({ key }) => page.keyboard.press(key),
  reload: async () => { await page.reload(); },
  url: () => page.url(),
  problems: () => ({ problems, foreign }),
  screenshot: async ({ path, full = false }) => { await page.screenshot({ path, fullPage: full }); },
  axe: async () => {
    // Playwright evaluates past the page's Content-Security-Policy; a script element would not.
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations.map((one) => ({
      id: one.id, impact: one.impact, nodes: one.nodes.map((node) => node.html.slice(0, 200)),
    }));
  },
};

process.stdout.write(`${JSON.stringify({ ready: browser.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...options } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command](options)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
