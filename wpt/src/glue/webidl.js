// What every interface needs of Web IDL: conversions, exceptions, and members that show as a browser's do.
(function (host, web) {
  'use strict';

  web.USVString = (value) => {
    if (typeof value === 'symbol') throw new TypeError('a symbol is no string');
    return String(value).toWellFormed();
  };

  web.ByteString = (value) => {
    if (typeof value === 'symbol') throw new TypeError('a symbol is no string');
    const text = String(value);
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) > 0xff) throw new TypeError('a byte string has no code point above U+00FF');
    }
    return text;
  };

  web.enumeration = (what, value, all) => {
    const text = String(value);
    if (!all.includes(text)) throw new TypeError(`${what}: '${text}' is not one of ${all.join(', ')}`);
    return text;
  };

  web.dictionary = (value) => {
    if (value === undefined || value === null) return Object.create(null);
    if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError('not a dictionary');
    return value;
  };

  web.unsignedLong = (value) => Number(value) >>> 0;

  // A constructor's or operation's number of required arguments.
  web.required = (given, count) => {
    if (given.length < count) throw new TypeError(`${count} argument(s) are required, but only ${given.length} given`);
  };

  // Puts an interface on the global object, its members enumerable and its name in `toString()`.
  web.expose = (name, constructor) => {
    const prototype = constructor.prototype;
    for (const target of [prototype, constructor]) {
      for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
        if (['constructor', 'prototype', 'name', 'length'].includes(key) || !descriptor.configurable) continue;
        Object.defineProperty(target, key, { ...descriptor, enumerable: true });
      }
    }
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    Object.defineProperty(globalThis, name, { value: constructor, writable: true, configurable: true });
  };

  web.constants = (constructor, constants) => {
    for (const [name, value] of Object.entries(constants)) {
      const constant = { value, enumerable: true };
      Object.defineProperty(constructor, name, constant);
      Object.defineProperty(constructor.prototype, name, constant);
    }
  };

  const ITERATORS = new WeakMap();
  const iteratorPrototype = (name) =>
    Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
      next: {
        enumerable: true,
        configurable: true,
        writable: true,
        value: function next() {
          const state = ITERATORS.get(this);
          if (state === undefined) throw new TypeError('not an iterator');
          const pair = state.pairs()[state.at++];
          if (pair === undefined) return { value: undefined, done: true };
          return { value: state.pick(pair), done: false };
        },
      },
      [Symbol.toStringTag]: { value: `${name} Iterator`, configurable: true },
    });

  // `iterable<key, value>`: the pairs are looked up anew at each step, as Web IDL has it.
  web.iterable = (name, constructor, pairsOf) => {
    const prototype = iteratorPrototype(name);
    const iterator = (object, pick) => {
      const pairs = () => pairsOf(object);
      pairs();
      const made = Object.create(prototype);
      ITERATORS.set(made, { pairs, pick, at: 0 });
      return made;
    };
    const methods = {
      entries() { return iterator(this, (pair) => [...pair]); },
      keys() { return iterator(this, (pair) => pair[0]); },
      values() { return iterator(this, (pair) => pair[1]); },
      forEach(callback, receiver = undefined) {
        if (typeof callback !== 'function') throw new TypeError('forEach needs a function');
        for (let at = 0; at < pairsOf(this).length; at++) {
          const [key, value] = pairsOf(this)[at];
          callback.call(receiver, value, key, this);
        }
      },
    };
    for (const [key, value] of Object.entries(methods)) {
      Object.defineProperty(constructor.prototype, key, { value, enumerable: true, configurable: true, writable: true });
    }
    Object.defineProperty(constructor.prototype, Symbol.iterator, { value: methods.entries, configurable: true, writable: true });
  };

  const CODES = {
    IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
    NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10,
    InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14,
    InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20,
    URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
  };

  class DOMException extends Error {
    #name;
    #message;
    constructor(message = '', name = 'Error') {
      super(message);
      this.#name = String(name);
      this.#message = String(message);
      delete this.message;
    }
    get name() { return this.#name; }
    get message() { return this.#message; }
    get code() { return CODES[this.#name] ?? 0; }
  }
  web.expose('DOMException', DOMException);
  web.constants(DOMException, Object.fromEntries(Object.entries(CODES).map(
    ([name, code]) => [name.replace(/Error$/, '').replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() + '_ERR', code])));
  web.domException = (name, message) => new DOMException(message, name);

  // What this harness cannot express; the verdict of a test that meets it is not the engine's.
  web.limit = (what) => {
    host.limit(what);
    throw new Error(`harness limit: ${what}`);
  };
})
