// fetch.spec.whatwg.org/#response-class
(function (host, web) {
  'use strict';

  const STATES = new WeakMap();
  const NULL_BODY = [101, 103, 204, 205, 304];
  const REDIRECTS = [301, 302, 303, 307, 308];

  class Response {
    constructor(body = null, init = undefined) {
      const { status = 200, statusText = '', headers } = web.dictionary(init);
      const code = Number(status) & 0xffff;
      const text = web.ByteString(statusText);
      if (code < 200 || code > 599) throw new RangeError(`${status} is not a status of a response`);
      if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError('statusText is not a reason phrase');
      const state = { type: 'default', url: '', redirected: false, status: code, statusText: text, headers: web.headers.make('response'), body: null };
      if (headers !== undefined) web.headers.fill(state.headers, headers);
      if (body !== null && body !== undefined) {
        if (NULL_BODY.includes(code)) throw new TypeError(`a response of status ${code} has no body`);
        state.body = web.extractBody(body);
        if (state.body.type !== null && !web.headers.has(state.headers, 'content-type')) {
          web.headers.append(state.headers, 'Content-Type', state.body.type);
        }
      }
      STATES.set(this, state);
    }
    static error() {
      return web.makeResponse({ type: 'error', url: '', redirected: false, status: 0, statusText: '', headers: [] }, null);
    }
    static redirect(url, status = 302) {
      const parsed = new URL(url, web.page.baseUrl);
      if (!REDIRECTS.includes(status)) throw new RangeError(`${status} is not a redirect status`);
      const headers = [['Location', parsed.href]];
      return web.makeResponse({ type: 'default', url: '', redirected: false, status, statusText: '', headers }, null);
    }
    static json(data, init = undefined) {
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError('the value has no JSON');
      const response = new Response(text, init);
      const given = web.dictionary(init).headers;
      if (given === undefined || !new Headers(given).has('content-type')) response.headers.set('Content-Type', 'application/json');
      return response;
    }
    clone() {
      const state = STATES.get(this);
      if (web.isUnusable(state.body)) throw new TypeError('the body of the response was read or is locked');
      const clone = Object.create(Response.prototype);
      const guard = state.guard ?? 'response';
      STATES.set(clone, { ...state, headers: web.headers.ofList(guard, web.headers.list(state.headers)), body: web.cloneBody(state.body) });
      return clone;
    }
    get ok() { return this.status >= 200 && this.status <= 299; }
  }
  for (const member of ['type', 'url', 'redirected', 'status', 'statusText', 'headers']) {
    Object.defineProperty(Response.prototype, member, { get() { return STATES.get(this)[member]; }, configurable: true });
  }
  web.bodyMixin(Response, (response) => STATES.get(response).body, (response) => STATES.get(response).headers);
  web.expose('Response', Response);

  web.makeResponse = (head, stream) => {
    const response = Object.create(Response.prototype);
    const body = stream === null ? null : { stream, bytes: null, type: null };
    STATES.set(response, { ...head, guard: 'immutable', headers: web.headers.ofList('immutable', head.headers), body });
    return response;
  };
})
