// fetch.spec.whatwg.org/#request-class: what a Request may be is the engine's to say.
(function (host, web) {
  'use strict';

  const STATES = new WeakMap();
  const ENUMERATIONS = {
    referrerPolicy: ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
      'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
    mode: ['navigate', 'same-origin', 'no-cors', 'cors'],
    credentials: ['omit', 'same-origin', 'include'],
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
    redirect: ['follow', 'error', 'manual'],
  };
  // In the order of the dictionary's members, so that a script that watches sees what it expects.
  const MEMBERS = {
    body: (value) => value,
    cache: (value) => web.enumeration('cache', value, ENUMERATIONS.cache),
    credentials: (value) => web.enumeration('credentials', value, ENUMERATIONS.credentials),
    duplex: (value) => web.enumeration('duplex', value, ['half']),
    headers: (value) => value,
    integrity: String,
    keepalive: Boolean,
    method: web.ByteString,
    mode: (value) => web.enumeration('mode', value, ENUMERATIONS.mode),
    redirect: (value) => web.enumeration('redirect', value, ENUMERATIONS.redirect),
    referrer: web.USVString,
    referrerPolicy: (value) => web.enumeration('referrerPolicy', value, ENUMERATIONS.referrerPolicy),
    signal: (value) => value,
    window: (value) => value,
  };
  const convert = (init) => {
    const given = web.dictionary(init);
    const members = {};
    for (const [member, conversion] of Object.entries(MEMBERS)) {
      const value = given[member];
      if (value !== undefined) members[member] = conversion(value);
    }
    return members;
  };
  // What a request that was made from another one inherits.
  const inherited = (state) => ({
    cache: state.cache, credentials: state.credentials, integrity: state.integrity, keepalive: state.keepalive,
    method: state.method, mode: state.mode, redirect: state.redirect, referrer: state.referrer,
    referrerPolicy: state.referrerPolicy,
  });

  class Request {
    constructor(input, init = undefined) {
      web.required(arguments, 1);
      const source = STATES.get(input) ?? null;
      const url = source === null ? web.USVString(input) : source.url;
      const members = convert(init);
      if (members.window !== undefined && members.window !== null) throw new TypeError('window can only be null');
      if (members.signal !== undefined && members.signal !== null && !(members.signal instanceof AbortSignal)) {
        throw new TypeError('signal is not an AbortSignal');
      }
      const anew = Object.keys(members).length > 0;
      const wished = { ...(source === null ? {} : inherited(source)), ...(source !== null && anew ? RESET : {}), ...members };
      if (source !== null && anew && source.mode === 'navigate' && members.mode === undefined) wished.mode = 'same-origin';
      const initBody = members.body ?? null;
      const inputBody = source?.body ?? null;
      const state = web.constructRequest({ url, ...wished, headers: [] }, initBody ?? inputBody, members.duplex, initBody === null && inputBody !== null);
      state.headers = web.headers.make(state.mode === 'no-cors' ? 'request-no-cors' : 'request');
      if (members.headers !== undefined) web.headers.fill(state.headers, members.headers);
      else if (source !== null) {
        for (const [name, value] of web.headers.list(source.headers)) web.headers.append(state.headers, name, value);
      }
      state.signal = web.newSignal();
      const followed = members.signal === undefined ? source?.signal : members.signal;
      if (followed) web.followSignal(state.signal, followed);
      state.body = null;
      if (initBody !== null) {
        state.body = web.extractBody(initBody, !!wished.keepalive);
        if (state.body.type !== null && !web.headers.has(state.headers, 'content-type')) {
          web.headers.append(state.headers, 'Content-Type', state.body.type);
        }
      } else if (inputBody !== null) {
        if (web.isUnusable(inputBody)) throw new TypeError('the body of the request was read or is locked');
        state.body = { ...inputBody, stream: moved(inputBody) };
      }
      STATES.set(this, state);
    }
    clone() {
      const state = STATES.get(this);
      if (web.isUnusable(state.body)) throw new TypeError('the body of the request was read or is locked');
      const clone = Object.create(Request.prototype);
      const guard = state.mode === 'no-cors' ? 'request-no-cors' : 'request';
      const signal = web.newSignal();
      web.followSignal(signal, state.signal);
      STATES.set(clone, {
        ...state, signal, headers: web.headers.ofList(guard, web.headers.list(state.headers)), body: web.cloneBody(state.body),
      });
      return clone;
    }
    get headers() { return STATES.get(this).headers; }
    get signal() { return STATES.get(this).signal; }
    get duplex() { return 'half'; }
    get isHistoryNavigation() { return false; }
    get isReloadNavigation() { return false; }
  }
  const RESET = { referrer: 'about:client', referrerPolicy: '' };
  for (const member of ['method', 'url', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity', 'keepalive']) {
    Object.defineProperty(Request.prototype, member, { get() { return STATES.get(this)[member]; }, configurable: true });
  }
  web.bodyMixin(Request, (request) => STATES.get(request).body, (request) => STATES.get(request).headers);
  web.expose('Request', Request);

  // The input's body goes over to the new request; what is left is a body that was read.
  const moved = (body) => {
    const [taken] = web.streams.tee(body.stream);
    web.streams.seize(body.stream);
    return taken;
  };

  web.requestState = (request) => STATES.get(request);
  // The engine's door: its mistakes are this constructor's TypeError.
  web.constructRequest = (wished, body, duplex, fromInput) => {
    const kind = body === null ? 'none' : web.streams.is(body) || body.bytes === null ? 'stream' : 'bytes';
    // A body that came with its request was allowed there.
    const asked = { ...wished, body: kind, duplex: fromInput && kind === 'stream' ? 'half' : duplex };
    const { invalid, request } = JSON.parse(host.requestConstruct(JSON.stringify(asked)));
    if (invalid !== undefined) throw new TypeError(invalid);
    return { ...request, integrity: wished.integrity ?? '', keepalive: !!wished.keepalive, destination: '' };
  };
})
