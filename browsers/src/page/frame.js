// The page of a scenario: does what it is told, and says what it got.
'use strict';

const binary = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function readable(buffer) {
  const bytes = new Uint8Array(buffer);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: btoa(String.fromCharCode(...bytes)) };
  }
}

// Made anew on every call, because a body can be used once.
function bodyOf({ body, bodyType }) {
  if (body == null) return undefined;
  if (body.form) {
    const form = new FormData();
    for (const [name, value] of body.form) form.append(name, value);
    return form;
  }
  if (body.stream) {
    return new ReadableStream({
      start(controller) {
        for (const chunk of body.stream) controller.enqueue(binary(chunk));
        controller.close();
      },
    });
  }
  if (body.repeat) return body.repeat[0].repeat(body.repeat[1]);
  if (bodyType === undefined && body.text !== undefined) return body.text;
  const bytes = body.text === undefined ? binary(body.base64) : new TextEncoder().encode(body.text);
  if (bodyType == null) return bytes;
  if (bodyType === 'application/x-www-form-urlencoded;charset=UTF-8') return new URLSearchParams(body.text);
  return new Blob([bytes], { type: bodyType });
}

const INIT = ['method', 'headers', 'mode', 'credentials', 'cache', 'redirect', 'referrer', 'referrerPolicy',
  'integrity', 'keepalive', 'duplex'];

function initOf(request) {
  const init = {};
  for (const member of INIT) if (request[member] !== undefined) init[member] = request[member];
  const body = bodyOf(request);
  if (body !== undefined) init.body = body;
  return init;
}

async function bodyIn(response) {
  try {
    return readable(await response.arrayBuffer());
  } catch (error) {
    return { error: error.name };
  }
}

async function byFetch(request) {
  try {
    new Request(request.url, initOf(request));
  } catch (error) {
    return { invalid: error.name };
  }
  const init = initOf(request);
  if (request.abortAfterMs !== undefined) {
    const controller = new AbortController();
    init.signal = controller.signal;
    setTimeout(() => controller.abort(), request.abortAfterMs);
  }
  let response;
  try {
    response = await fetch(request.url, init);
  } catch (error) {
    return { error: error.name };
  }
  const { type, url, redirected, status, statusText } = response;
  const headers = [...response.headers];
  const body = await bodyIn(response);
  return { response: { type, url, redirected, status, statusText, headers, body, ...(await timingOf(request)) } };
}

// Whether the times of a resource can be read; its entry may come after its body.
async function timingOf({ timing, url }) {
  if (!timing) return {};
  for (let tries = 0; tries < 50; tries += 1) {
    const [entry] = performance.getEntriesByName(url);
    if (entry) return { timingAllowPassed: entry.requestStart > 0 };
    await new Promise((done) => setTimeout(done, 20));
  }
  return { timingAllowPassed: 'no entry' };
}

const EVENTS = ['loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend'];

function byXhr(request) {
  const xhr = new XMLHttpRequest();
  const events = [];
  try {
    xhr.open(request.method ?? 'GET', request.url);
    xhr.responseType = 'arraybuffer';
    xhr.withCredentials = request.withCredentials ?? false;
    if (request.timeoutMs !== undefined) xhr.timeout = request.timeoutMs;
    for (const [name, value] of request.headers ?? []) xhr.setRequestHeader(name, value);
  } catch (error) {
    return { invalid: error.name };
  }
  return new Promise((done) => {
    // How often there is progress is a question of time.
    const note = (name) => {
      if (!name.endsWith('progress') || !events.includes(name)) events.push(name);
    };
    for (const name of EVENTS) xhr.addEventListener(name, () => note(name));
    const listenToUpload = () => {
      for (const name of EVENTS) xhr.upload.addEventListener(name, () => note('upload.' + name));
    };
    if (request.uploadListeners) listenToUpload();
    xhr.addEventListener('loadend', () => {
      if (!events.includes('load')) return done({ error: 'NetworkError', events });
      const lines = xhr.getAllResponseHeaders().split('\r\n').filter((line) => line);
      const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
      const { responseURL: url, status, statusText } = xhr;
      done({ response: { url, status, statusText, headers, body: readable(xhr.response ?? new ArrayBuffer(0)) }, events });
    });
    try {
      const body = bodyOf(request);
      if (body === undefined) xhr.send();
      else xhr.send(body);
      if (request.lateUploadListeners) listenToUpload();
      if (request.abortAfterMs !== undefined) setTimeout(() => xhr.abort(), request.abortAfterMs);
    } catch (error) {
      done({ invalid: error.name });
    }
  });
}

// An element that is put into the page, and the event that it gets.
function byElement(tag, link, request, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  if (request.crossorigin != null) element.setAttribute('crossorigin', request.crossorigin);
  if (request.referrerPolicy) element.setAttribute('referrerpolicy', request.referrerPolicy);
  if (request.integrity) element.setAttribute('integrity', request.integrity);
  const loaded = new Promise((done) => {
    for (const name of ['load', 'loadeddata', 'error']) {
      element.addEventListener(name, () => done({ event: name === 'error' ? 'error' : 'load' }));
    }
  });
  element[link] = request.url;
  document.body.append(element);
  return loaded;
}

async function byImage(request) {
  const outcome = await byElement('img', 'src', request);
  if (outcome.event !== 'load') return outcome;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  context.drawImage(document.querySelector('img:last-of-type'), 0, 0);
  try {
    context.getImageData(0, 0, 1, 1);
    return { ...outcome, canvas: 'readable' };
  } catch {
    return { ...outcome, canvas: 'tainted' };
  }
}

// A script, and what the page hears of an exception that it throws: all of it, or only that there was one.
async function byScript(request, attributes) {
  let thrown;
  const listener = ({ message }) => (thrown = message === 'Script error.' ? 'muted' : 'told');
  addEventListener('error', listener);
  const outcome = await byElement('script', 'src', request, attributes);
  removeEventListener('error', listener);
  return thrown ? { ...outcome, thrown } : outcome;
}

async function byFont(request) {
  try {
    await new FontFace('scripted', `url(${request.url})`).load();
    return { event: 'load' };
  } catch (error) {
    return { event: 'error', name: error.name };
  }
}

function byEventSource(request) {
  const source = new EventSource(request.url, { withCredentials: request.withCredentials ?? false });
  return new Promise((done) => {
    const finish = (outcome) => {
      source.close();
      done(outcome);
    };
    source.onopen = () => finish({ event: 'open' });
    source.onerror = () => finish({ event: 'error' });
  });
}

function byTrack(request) {
  const video = document.createElement('video');
  if (request.crossorigin != null) video.setAttribute('crossorigin', request.crossorigin);
  const track = document.createElement('track');
  track.default = true;
  track.src = request.url;
  video.append(track);
  document.body.append(video);
  track.track.mode = 'showing';
  return new Promise((done) => {
    for (const name of ['load', 'error']) track.addEventListener(name, () => done({ event: name }));
  });
}

const BY = {
  fetch: byFetch,
  xhr: byXhr,
  image: byImage,
  script: (request) => byScript(request),
  'module-script': (request) => byScript(request, { type: 'module' }),
  stylesheet: (request) => byElement('link', 'href', request, { rel: 'stylesheet' }),
  audio: (request) => byElement('audio', 'src', request, { preload: 'auto' }),
  video: (request) => byElement('video', 'src', request, { preload: 'auto' }),
  font: byFont,
  eventsource: byEventSource,
  track: byTrack,
  beacon: (request) => ({ sent: navigator.sendBeacon(request.url, bodyOf(request)) }),
};

// Browsers allow so many changes of a URL in so many seconds; some throw, some say nothing.
function moveTo(url) {
  try {
    history.replaceState(null, '', url);
  } catch {
    return false;
  }
  return location.href === url;
}

addEventListener('message', async ({ data: request, source }) => {
  if (request.page) {
    source.postMessage(moveTo(request.page) ? 'ready' : 'stuck', '*');
    return;
  }
  let outcome;
  try {
    outcome = await BY[request.initiator ?? 'fetch'](request);
  } catch (error) {
    outcome = { broken: String(error) };
  }
  source.postMessage(outcome, '*');
});
parent.postMessage('ready', '*');
