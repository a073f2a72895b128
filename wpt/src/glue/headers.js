// fetch.spec.whatwg.org/#headers-class: the rules are the engine's, this is the object around them.
(function (host, web) {
  'use strict';

  const HANDLES = new WeakMap();

  const checked = (error) => {
    if (error !== null) throw new TypeError(error);
  };
  const handleOf = (headers) => {
    const handle = HANDLES.get(headers);
    if (handle === undefined) throw new TypeError('not a Headers object');
    return handle;
  };
  const nameOf = (name) => {
    const text = web.ByteString(name);
    checked(host.headerName(text));
    return text;
  };

  class Headers {
    constructor(init = undefined) {
      HANDLES.set(this, host.headersNew('none'));
      if (init !== undefined) web.headers.fill(this, init);
    }
    append(name, value) {
      web.required(arguments, 2);
      checked(host.headersAppend(handleOf(this), web.ByteString(name), web.ByteString(value)));
    }
    delete(name) {
      web.required(arguments, 1);
      checked(host.headersDelete(handleOf(this), nameOf(name)));
    }
    get(name) {
      web.required(arguments, 1);
      return host.headersGet(handleOf(this), nameOf(name));
    }
    getSetCookie() { return JSON.parse(host.headersList(handleOf(this))).filter((pair) => pair[0] === 'set-cookie').map((pair) => pair[1]); }
    has(name) {
      web.required(arguments, 1);
      return host.headersGet(handleOf(this), nameOf(name)) !== null;
    }
    set(name, value) {
      web.required(arguments, 2);
      checked(host.headersSet(handleOf(this), web.ByteString(name), web.ByteString(value)));
    }
  }
  web.expose('Headers', Headers);
  web.iterable('Headers', Headers, (headers) => JSON.parse(host.headersSorted(handleOf(headers))));

  const { append } = Headers.prototype;
  web.headers = {
    make(guard) {
      const headers = new Headers();
      HANDLES.set(headers, host.headersNew(guard));
      return headers;
    },
    // What came from the network or another object is in the list already, whatever its guard.
    ofList(guard, list) {
      const headers = new Headers();
      HANDLES.set(headers, host.headersOfList(guard, JSON.stringify(list)));
      return headers;
    },
    fill(headers, init) {
      if (init === null || (typeof init !== 'object' && typeof init !== 'function')) throw new TypeError('not a HeadersInit');
      for (const [name, value] of web.pairs(init, web.ByteString, 'Headers')) append.call(headers, name, value);
    },
    list: (headers) => JSON.parse(host.headersList(handleOf(headers))),
    has: (headers, name) => host.headersGet(handleOf(headers), name) !== null,
    get: (headers, name) => host.headersGet(handleOf(headers), name),
    append: (headers, name, value) => append.call(headers, name, value),
  };
})
