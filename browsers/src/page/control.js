// The page around the frames: takes scenarios from its server, runs each in a fresh frame, reports step by step.
'use strict';

const ABREAST = 6;
const STEP_LIMIT = 10000;

async function ask(verb, question) {
  const answer = await fetch('/control/' + verb, { method: 'POST', body: JSON.stringify(question) });
  return answer.json();
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// The next message from a window that passes the test; null when it does not come in time.
function message(source, limit) {
  return new Promise((done) => {
    const finish = (value) => {
      clearTimeout(timer);
      removeEventListener('message', listener);
      done(value);
    };
    const listener = (event) => {
      if (event.source === source()) finish(event.data);
    };
    const timer = setTimeout(() => finish(null), limit);
    addEventListener('message', listener);
  });
}

function frameFor(plan) {
  const frame = document.createElement('iframe');
  if (plan.frame === 'sandboxed') frame.sandbox = 'allow-scripts';
  frame.src = plan.frame === 'data' ? 'data:text/html;charset=utf-8,' + encodeURIComponent(frameDocument) : plan.page;
  return frame;
}

async function plant(url) {
  let visit;
  const planted = message(() => visit, 5000);
  visit = open(url);
  await planted;
}

// A window on the plan's page: a new frame, or the kept one, which only changes its URL.
async function frameOn(plan, kept) {
  const old = plan.reuse && !plan.frame ? kept.frame : null;
  const { origin } = new URL(plan.page);
  if (old && kept.origin === origin) {
    const ready = message(() => old.contentWindow, STEP_LIMIT);
    old.contentWindow.postMessage({ page: plan.page }, '*');
    if ((await ready) === 'ready') return old;
  }
  const frame = frameFor(plan);
  const ready = message(() => frame.contentWindow, STEP_LIMIT);
  document.body.append(frame);
  await ready;
  if (plan.reuse && !plan.frame) {
    kept.frame?.remove();
    Object.assign(kept, { frame, origin });
  }
  return frame;
}

async function run(plan, kept) {
  for (const url of plan.plants) await plant(url);
  const frame = await frameOn(plan, kept);
  for (const step of plan.steps) {
    const answer = message(() => frame.contentWindow, STEP_LIMIT);
    frame.contentWindow.postMessage(step.request, '*');
    const outcome = (await answer) ?? { timeout: true };
    if (outcome.timeout) kept.frame = null;
    // A refusal can reach the page before the refused request reaches a server.
    if (outcome.error) await sleep(20);
    if (step.wait) await sleep(step.wait);
    await ask('outcome', { run: plan.run, outcome });
  }
  if (frame !== kept.frame) frame.remove();
}

async function work(alone) {
  const kept = {};
  for (let plan; (plan = await ask('next', { alone })); ) {
    document.title = plan.name;
    await run(plan, kept);
  }
}

(async () => {
  await Promise.all(Array.from({ length: ABREAST }, () => work(false)));
  await work(true);
  const turn = await ask('turn', {});
  if (turn) location = turn;
  else document.title = 'done';
})();
