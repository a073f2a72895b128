// url.spec.whatwg.org/#api; the parser and the serialiser are the crate `url`'s, as the engine's.
(function (host, web) {
  'use strict';

  const QUERY = new WeakMap();

  class URLSearchParams {
    #pairs = [];
    #owner = null;
    constructor(init = '') {
      if (typeof init === 'object' && init !== null || typeof init === 'function') {
        this.#pairs = web.pairs(init, web.USVString, 'URLSearchParams');
      } else {
        this.#pairs = JSON.parse(host.formParse(web.USVString(init).replace(/^\?/, '')));
      }
    }
    static of(url, owner) {
      const params = new URLSearchParams(url);
      params.#owner = owner;
      return params;
    }
    static pairs(params) { return params.#pairs; }
    static read(params, query) { params.#pairs = JSON.parse(host.formParse(query)); }
    #changed() { this.#owner?.(this.toString()); }
    append(name, value) {
      web.required(arguments, 2);
      this.#pairs.push([web.USVString(name), web.USVString(value)]);
      this.#changed();
    }
    delete(name) {
      web.required(arguments, 1);
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== web.USVString(name));
      this.#changed();
    }
    get(name) { return this.#pairs.find((pair) => pair[0] === web.USVString(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter((pair) => pair[0] === web.USVString(name)).map((pair) => pair[1]); }
    has(name) { return this.#pairs.some((pair) => pair[0] === web.USVString(name)); }
    set(name, value) {
      web.required(arguments, 2);
      const [key, text] = [web.USVString(name), web.USVString(value)];
      const first = this.#pairs.findIndex((pair) => pair[0] === key);
      if (first < 0) this.#pairs.push([key, text]);
      else this.#pairs[first] = [key, text];
      this.#pairs = this.#pairs.filter((pair, at) => pair[0] !== key || at === first || first < 0);
      this.#changed();
    }
    sort() {
      this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
      this.#changed();
    }
    get size() { return this.#pairs.length; }
    toString() { return host.formSerialize(JSON.stringify(this.#pairs)); }
  }
  const { of, pairs, read } = URLSearchParams;
  for (const internal of ['of', 'pairs', 'read']) delete URLSearchParams[internal];
  web.expose('URLSearchParams', URLSearchParams);
  web.iterable('URLSearchParams', URLSearchParams, pairs);

  class URL {
    #parts;
    constructor(url, base = undefined) {
      web.required(arguments, 1);
      const parsed = host.urlParse(web.USVString(url), base === undefined ? null : web.USVString(base));
      if (parsed === null) throw new TypeError(`${url} is not a URL`);
      this.#parts = JSON.parse(parsed);
    }
    static set(url, part, value) {
      url.#parts = JSON.parse(host.urlSet(url.#parts.href, part, web.USVString(value)));
      const query = QUERY.get(url);
      if (query && (part === 'search' || part === 'href')) read(query, url.#parts.search.slice(1));
    }
    static part(url, name) { return url.#parts[name]; }
    get origin() { return this.#parts.origin; }
    get searchParams() {
      if (!QUERY.has(this)) {
        QUERY.set(this, of(this.#parts.search, (query) => {
          this.#parts = JSON.parse(host.urlSet(this.#parts.href, 'search', query));
        }));
      }
      return QUERY.get(this);
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    static canParse(url, base = undefined) {
      return host.urlParse(web.USVString(url), base === undefined ? null : web.USVString(base)) !== null;
    }
    static createObjectURL(blob) {
      if (!(blob instanceof Blob)) throw new TypeError('only a Blob gets an object URL here');
      return web.blobUrls.create(blob);
    }
    static revokeObjectURL(url) { web.blobUrls.revoke(String(url)); }
  }
  const { set, part } = URL;
  delete URL.set;
  delete URL.part;
  for (const name of ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(URL.prototype, name, {
      get() { return part(this, name); },
      set(value) {
        if (name === 'href' && !URL.canParse(value)) throw new TypeError(`${value} is not a URL`);
        set(this, name, value);
      },
      configurable: true,
    });
  }
  web.expose('URL', URL);

  const store = new Map();
  let made = 0;
  web.blobUrls = {
    create(blob) {
      const digits = (++made).toString(16).padStart(12, '0');
      const url = `blob:${web.page.origin}/00000000-0000-4000-8000-${digits}`;
      store.set(url, blob);
      return url;
    },
    revoke(url) { store.delete(url); },
    resolve(url) { return store.get(url.replace(/#.*/, '')) ?? null; },
  };

  // `sequence<sequence<T>>` or `record<T, T>`, each step of it visible to the script as in Web IDL.
  web.pairs = (init, convert, what) => {
    const method = init[Symbol.iterator];
    if (method !== undefined && method !== null) {
      if (typeof method !== 'function') throw new TypeError(`${what}: not iterable`);
      const pairs = [];
      for (const item of { [Symbol.iterator]: () => method.call(init) }) {
        if (typeof item !== 'object' && typeof item !== 'function' || item === null) throw new TypeError(`${what}: an item is no pair`);
        const pair = Array.from(item, convert);
        if (pair.length !== 2) throw new TypeError(`${what}: an item has ${pair.length} members instead of two`);
        pairs.push(pair);
      }
      return pairs;
    }
    const record = new Map();
    for (const key of Reflect.ownKeys(init)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      const name = convert(key);
      record.set(name, convert(init[key]));
    }
    return [...record];
  };
})
