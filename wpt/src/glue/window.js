// The global object: a window whose document has no elements. What needs one is a limit of the harness, and says so.
(function (host, web) {
  'use strict';

  const page = web.page;

  class Window extends EventTarget {
    constructor() { throw new TypeError('Illegal constructor'); }
  }
  web.expose('Window', Window);
  Object.setPrototypeOf(globalThis, Window.prototype);
  web.handlers(globalThis, ['load', 'error', 'message', 'unhandledrejection', 'rejectionhandled', 'beforeunload', 'unload', 'pagehide']);

  // Most attributes of a window can be replaced by a script's own variable.
  const attribute = (name, get, set = (value) => web.operation(name, value)) =>
    Object.defineProperty(globalThis, name, { get, set, enumerable: true, configurable: true });
  for (const name of ['self', 'frames', 'parent']) attribute(name, () => globalThis);
  for (const name of ['window', 'top']) attribute(name, () => globalThis, () => {});
  attribute('opener', () => null);
  attribute('length', () => 0);
  attribute('isSecureContext', () => page.isSecureContext);
  attribute('origin', () => page.origin);

  const limited = (names) => {
    for (const name of names) attribute(name, () => web.limit(`window.${name}`));
  };
  limited(['localStorage', 'sessionStorage', 'indexedDB', 'customElements', 'history', 'screen', 'getComputedStyle']);
  for (const name of ['Worker', 'SharedWorker', 'Image', 'Audio', 'EventSource', 'WebSocket', 'DOMParser', 'MediaSource',
    'BroadcastChannel', 'MessageChannel', 'MutationObserver', 'PerformanceObserver']) {
    web.operation(name, class { constructor() { web.limit(`new ${name}`); } });
  }
  web.operation('open', () => web.limit('window.open'));

  const timers = new Map();
  let lastTimer = 0;
  const schedule = (handler, delay, parameters, again) => {
    const id = ++lastTimer;
    const milliseconds = Math.max(0, Number(delay) || 0);
    timers.set(id, { handler, parameters, again, milliseconds });
    host.setTimer(id, milliseconds);
    return id;
  };
  web.timerFired = (id) => {
    const timer = timers.get(id);
    if (timer === undefined) return;
    if (timer.again) host.setTimer(id, timer.milliseconds);
    else timers.delete(id);
    try {
      if (typeof timer.handler === 'function') timer.handler.call(globalThis, ...timer.parameters);
      else (0, eval)(String(timer.handler));
    } catch (error) {
      web.reportException(error);
    }
  };
  web.operation('setTimeout', (handler, delay = 0, ...parameters) => schedule(handler, delay, parameters, false));
  web.operation('setInterval', (handler, delay = 0, ...parameters) => schedule(handler, delay, parameters, true));
  for (const name of ['clearTimeout', 'clearInterval']) web.operation(name, (id) => { timers.delete(id); });
  web.operation('requestAnimationFrame', (callback) => setTimeout(() => callback(host.now()), 16));
  web.operation('queueMicrotask', (callback) => {
    Promise.resolve().then(() => {
      try { callback(); } catch (error) { web.reportException(error); }
    });
  });
  web.operation('structuredClone', (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value))));
  web.operation('postMessage', (message) => {
    const data = structuredClone(message);
    setTimeout(() => web.fireMessage(globalThis, data, page.origin), 0);
  });
  web.operation('reportError', (error) => web.reportException(error));

  const said = (...words) => host.log(words.map((word) => (typeof word === 'string' ? word : String(word))).join(' '));
  attribute('console', () => CONSOLE);
  const CONSOLE = Object.fromEntries(['log', 'info', 'warn', 'error', 'debug', 'trace', 'group', 'groupEnd'].map((name) => [name, said]));
  attribute('performance', () => PERFORMANCE);
  const PERFORMANCE = {
    now: () => host.now(), timeOrigin: Date.now(),
    getEntriesByType: () => web.limit('performance.getEntriesByType'), getEntriesByName: () => web.limit('performance.getEntriesByName'),
  };

  const { href, protocol, host: authority, hostname, port, pathname, search, hash, origin } = JSON.parse(host.urlParse(page.url, null));
  const LOCATION = Object.freeze({
    protocol, host: authority, hostname, port, pathname, search, hash, origin,
    get href() { return href; },
    set href(_url) { web.limit('navigation'); },
    toString: () => href,
    assign: () => web.limit('navigation'),
    replace: () => web.limit('navigation'),
    reload: () => web.limit('navigation'),
  });
  attribute('location', () => LOCATION, () => web.limit('navigation'));

  attribute('navigator', () => NAVIGATOR);
  const NAVIGATOR = {
    userAgent: page.userAgent, platform: 'Linux', language: 'en-US', languages: ['en-US'], onLine: true, cookieEnabled: true,
    get serviceWorker() { return web.limit('navigator.serviceWorker'); },
    sendBeacon: () => web.limit('navigator.sendBeacon'),
  };

  class Document extends EventTarget {
    #state = 'loading';
    static ready(document, state) { document.#state = state; }
    get readyState() { return this.#state; }
    get title() { return page.title; }
    get URL() { return page.url; }
    get documentURI() { return page.url; }
    get baseURI() { return page.baseUrl; }
    get domain() { return hostname; }
    get referrer() { return ''; }
    get characterSet() { return 'UTF-8'; }
    get defaultView() { return globalThis; }
    get location() { return LOCATION; }
    get hidden() { return false; }
    get visibilityState() { return 'visible'; }
    get cookie() { return host.cookies(); }
    set cookie(value) { host.setCookie(web.USVString(value)); }
    getElementsByTagName(name) {
      if (name === 'title') return page.title === '' ? [] : [{ firstChild: { data: page.title } }];
      if (name === 'meta') return page.metas.map(([metaName, content]) => ({ name: metaName, content }));
      if (name === 'script') return [];
      return web.limit(`document.getElementsByTagName('${name}')`);
    }
    getElementById(id) { return id === 'log' ? null : web.limit('document.getElementById'); }
  }
  const { ready } = Document;
  delete Document.ready;
  for (const name of ['createElement', 'createElementNS', 'createTextNode', 'createEvent', 'querySelector', 'querySelectorAll', 'write', 'open', 'importNode']) {
    Document.prototype[name] = (first) => web.limit(`document.${name}${typeof first === 'string' && name.startsWith('create') ? `('${first}')` : ''}`);
  }
  for (const name of ['body', 'head', 'documentElement', 'implementation', 'fonts', 'currentScript', 'forms', 'scripts']) {
    Object.defineProperty(Document.prototype, name, { get() { return web.limit(`document.${name}`); }, configurable: true });
  }
  web.expose('Document', Document);
  web.handlers(Document.prototype, ['readystatechange']);
  const document = new Document();
  attribute('document', () => document, () => {});

  // What the loader calls: a script's exception, and the end of parsing.
  web.loaded = () => {
    ready(document, 'interactive');
    web.fire(document, 'readystatechange');
    web.fire(document, 'DOMContentLoaded');
    ready(document, 'complete');
    web.fire(document, 'readystatechange');
    web.fire(globalThis, 'load');
  };
})
