// The page in a real browser, against the stack at PORTAL_URL.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, history, isDone, isFocused, launch, liveLog, newTopic, openPage, roundtrip, send, topicField } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const stages = async () => {
  const items = await isDone(page).getByRole("list", { name: "Stages" }).getByRole("listitem").all();
  return Promise.all(items.map((item) => item.textContent()));
};
const done = () => isDone(page).getByText("Done", { exact: true }).waitFor();
const messageId = () => isDone(page).getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/).innerText();
const receiptOf = async (id) => (await fetch(`${PORTAL_URL}/api/consumer/status/${id}`)).json();
const nothingComplained = () => assert.deepEqual(page.complaints, []);

test("a message sent from the keyboard is shown accepted, acked and consumed, with its times", async () => {
  page = await openPage(browser);
  const topic = newTopic("keyboard");
  await topicField(page).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(topic);
  await page.getByRole("textbox", { name: "Message" }).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("from the keyboard");
  await page.keyboard.press("Control+Enter");
  await done();

  const texts = await stages();
  assert.equal(texts.length, 3);
  for (const [index, name] of ["Accepted", "Acked", "Consumed"].entries()) {
    assert.match(texts[index], new RegExp(`${name}: done`));
    assert.match(texts[index], /\d\d:\d\d:\d\d\.\d{6}/);
  }
  await isDone(page).getByText(/end to end/).waitFor();

  // The consumer says the same of it.
  const receipt = await receiptOf(await messageId());
  assert.equal(receipt.state, "consumed");
  assert.equal(receipt.topic, topic);
  const shown = texts.map((text) => /\.(\d{6})/.exec(text)[1]);
  const known = [receipt.accepted_us, receipt.acked_us ?? undefined, receipt.consumed_us];
  for (const [index, us] of known.entries()) {
    if (us !== undefined) assert.equal(shown[index], String(us % 1_000_000).padStart(6, "0"));
  }
  nothingComplained();
});

test("the live log shows one's own message, and its journey from there", async () => {
  page = await openPage(browser);
  const topic = newTopic("log");
  await send(page, { topic, key: "customer-9", message: "first" });
  await done();
  const row = liveLog(page).getByRole("button", { name: new RegExp(`${topic}.*customer-9.*first`) });
  await row.waitFor();
  const id = await messageId();

  await send(page, { topic, key: "customer-9", message: "second" });
  await liveLog(page).getByRole("button", { name: /second/ }).waitFor();
  await row.click();
  await liveLog(page).getByText(id, { exact: true }).waitFor();
  await liveLog(page).getByRole("button", { name: "Show its journey" }).click();
  await isDone(page).getByText(id, { exact: true }).waitFor();
  nothingComplained();
});

test("the history survives a reload and shows a journey again", async () => {
  page = await openPage(browser);
  const topic = newTopic("history");
  const first = await roundtrip(page, { topic, message: "one" });
  await roundtrip(page, { topic, message: "two" });
  await history(page).getByRole("button", { name: /two/ }).waitFor();

  await page.reload();
  await history(page).getByRole("button", { name: /one/ }).click();
  await isDone(page).getByText(first, { exact: true }).waitFor();
  await done();
  assert.match((await stages())[2], /\d\d:\d\d:\d\d\.\d{6}/);
  nothingComplained();
});

test("a wrong topic name is said at the field, and nothing is sent", async () => {
  page = await openPage(browser);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await send(page, { topic: "not a topic" });
  const field = topicField(page);
  await page.getByRole("alert").getByText(/A space cannot be in a topic's name/).waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await isFocused(field);
  assert.equal(asked.some((url) => url.includes("/produce/")), false);
  nothingComplained();
});

const MESSAGES = {
  "JSON as it was typed": '{\n  "b": 1,\n\t"a": [1.0, 1e3,   null],\n  "b": 2\n}',
  "many lines and blanks": "\n  leading\n\n\ntrailing  \n",
  "all of Unicode": "Grüße, 你好, नमस्ते, 👩‍🚀 e\u0301 \u202eright to left \u0000\u0007",
};
for (const [what, message] of Object.entries(MESSAGES)) {
  test(`a message arrives byte for byte: ${what}`, async () => {
    page = await openPage(browser);
    const topic = newTopic("bytes");
    const receipt = await receiptOf(await roundtrip(page, { topic, key: "ключ/100%?#", message }));
    assert.equal(receipt.key, "ключ/100%?#");
    assert.equal(receipt.value_bytes, Buffer.byteLength(message));
    assert.deepEqual(await readBack(topic), message);
    nothingComplained();
  });
}

/** The first message of a topic, as another client reads it. */
async function readBack(topic) {
  const ended = new AbortController();
  const response = await fetch(`${PORTAL_URL}/api/consumer/consume?topics=${topic}&format=envelope&from=earliest`, {
    signal: AbortSignal.any([ended.signal, AbortSignal.timeout(20_000)]),
  });
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const data = /^event: ?streamer\n(?:.*\n)*?data: ?(.*)\n\n/m.exec(text);
    if (data) {
      ended.abort();
      return JSON.parse(data[1]).value;
    }
  }
  assert.fail(`the stream of ${topic} ended without a message: ${text}`);
}

test("no key and an empty key are two things", async () => {
  page = await openPage(browser);
  const topic = newTopic("keys");
  const without = await receiptOf(await roundtrip(page, { topic, message: "without" }));
  assert.equal(without.key, null);
  await page.getByLabel("empty key").check();
  const empty = await receiptOf(await roundtrip(page, { topic, message: "with" }));
  assert.equal(empty.key, "");
  nothingComplained();
});

test("thousands of messages at once are counted, and the newest five hundred kept", async () => {
  page = await openPage(browser);
  const topic = newTopic("burst");
  await send(page, { topic, message: "before" });
  await liveLog(page).getByRole("button", { name: /before/ }).waitFor();

  const lines = Array.from({ length: 5_000 }, (_, n) => JSON.stringify({ key: `k${n % 7}`, value: `message ${n}` }));
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines.join("\n"),
  });
  assert.equal(response.status, 200);
  await response.text();
  await liveLog(page).getByText("the newest 500 of 5,001").waitFor();
  const rows = await liveLog(page).getByRole("listitem").count();
  assert.ok(rows > 0 && rows < 60, `${rows} rows are in the document`);
  nothingComplained();
});
