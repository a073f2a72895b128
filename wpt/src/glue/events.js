// dom.spec.whatwg.org/#events, without a tree: an event has one target and no path.
(function (host, web) {
  'use strict';

  class Event {
    #init;
    #stopped = false;
    constructor(type, init = undefined) {
      web.required(arguments, 1);
      const { bubbles = false, cancelable = false, composed = false } = web.dictionary(init);
      this.#init = { type: String(type), bubbles: !!bubbles, cancelable: !!cancelable, composed: !!composed };
      EVENTS.set(this, {
        target: null, currentTarget: null, phase: 0, dispatching: false, stopped: false, trusted: false, prevented: false,
      });
      this.#init.time = host.now();
    }
    get type() { return this.#init.type; }
    get target() { return EVENTS.get(this).target; }
    get srcElement() { return this.target; }
    get currentTarget() { return EVENTS.get(this).currentTarget; }
    get eventPhase() { return EVENTS.get(this).phase; }
    get bubbles() { return this.#init.bubbles; }
    get cancelable() { return this.#init.cancelable; }
    get composed() { return this.#init.composed; }
    get defaultPrevented() { return EVENTS.get(this).prevented; }
    get returnValue() { return !EVENTS.get(this).prevented; }
    get isTrusted() { return EVENTS.get(this).trusted; }
    get timeStamp() { return this.#init.time; }
    get cancelBubble() { return this.#stopped; }
    composedPath() { return this.currentTarget === null ? [] : [this.currentTarget]; }
    preventDefault() { if (this.cancelable) EVENTS.get(this).prevented = true; }
    stopPropagation() { this.#stopped = true; }
    stopImmediatePropagation() { this.#stopped = true; EVENTS.get(this).stopped = true; }
  }
  const EVENTS = new WeakMap();
  web.expose('Event', Event);
  web.constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

  const withMembers = (name, Parent, members) => {
    const made = class extends Parent {
      #members;
      constructor(type, init = undefined) {
        super(type, init);
        const given = web.dictionary(init);
        this.#members = Object.fromEntries(Object.entries(members).map(
          ([member, convert]) => [member, convert(given[member])]));
      }
      static member(event, member) { return event.#members[member]; }
    };
    const { member: read } = made;
    delete made.member;
    for (const member of Object.keys(members)) {
      Object.defineProperty(made.prototype, member, { get() { return read(this, member); }, configurable: true });
    }
    Object.defineProperty(made, 'name', { value: name });
    web.expose(name, made);
    return made;
  };
  const orDefault = (fallback) => (value) => (value === undefined ? fallback : value);
  const ProgressEvent = withMembers('ProgressEvent', Event, {
    lengthComputable: Boolean, loaded: (value) => Number(value ?? 0), total: (value) => Number(value ?? 0),
  });
  withMembers('CustomEvent', Event, { detail: orDefault(null) });
  const MessageEvent = withMembers('MessageEvent', Event, {
    data: orDefault(null), origin: orDefault(''), lastEventId: orDefault(''), source: orDefault(null), ports: orDefault([]),
  });
  const ErrorEvent = withMembers('ErrorEvent', Event, {
    message: orDefault(''), filename: orDefault(''), lineno: orDefault(0), colno: orDefault(0), error: orDefault(undefined),
  });
  const PromiseRejectionEvent = withMembers('PromiseRejectionEvent', Event, {
    promise: orDefault(undefined), reason: orDefault(undefined),
  });

  const LISTENERS = new WeakMap();
  const listenersOf = (target) => {
    if (!LISTENERS.has(target)) LISTENERS.set(target, []);
    return LISTENERS.get(target);
  };
  // Functions of the global object are called without a receiver.
  const receiver = (object) => object ?? globalThis;
  const flatten = (options) => (typeof options === 'object' && options !== null ? !!options.capture : !!options);

  class EventTarget {
    addEventListener(type, callback, options = undefined) {
      web.required(arguments, 2);
      const { once = false, signal } = typeof options === 'object' && options !== null ? options : {};
      if (callback === null || callback === undefined || signal?.aborted) return;
      if (typeof callback !== 'function' && typeof callback !== 'object') throw new TypeError('not a listener');
      const list = listenersOf(receiver(this));
      const listener = { type: String(type), callback, capture: flatten(options), once: !!once, removed: false };
      const same = (other) => other.type === listener.type && other.callback === callback && other.capture === listener.capture;
      if (list.some(same)) return;
      list.push(listener);
      signal?.addEventListener('abort', () => receiver(this).removeEventListener(type, callback, options));
    }
    removeEventListener(type, callback, options = undefined) {
      const list = listenersOf(receiver(this));
      const capture = flatten(options);
      const at = list.findIndex((other) => other.type === String(type) && other.callback === callback && other.capture === capture);
      if (at >= 0) list.splice(at, 1)[0].removed = true;
    }
    dispatchEvent(event) {
      if (!(event instanceof Event)) throw new TypeError('not an event');
      if (EVENTS.get(event).dispatching) throw web.domException('InvalidStateError', 'the event is being dispatched');
      return web.dispatch(receiver(this), event, false);
    }
  }
  web.expose('EventTarget', EventTarget);

  web.dispatch = (target, event, trusted = true) => {
    const state = EVENTS.get(event);
    Object.assign(state, { target, currentTarget: target, phase: 2, dispatching: true, trusted, stopped: false });
    for (const listener of [...listenersOf(target)]) {
      if (listener.type !== event.type || listener.removed || state.stopped) continue;
      if (listener.once) target.removeEventListener(listener.type, listener.callback, listener.capture);
      try {
        if (typeof listener.callback === 'function') listener.callback.call(target, event);
        else listener.callback.handleEvent(event);
      } catch (error) {
        web.reportException(error);
      }
    }
    Object.assign(state, { currentTarget: null, phase: 0, dispatching: false });
    return !event.defaultPrevented;
  };

  // html.spec.whatwg.org/#event-handler-idl-attributes
  web.handlers = (prototype, types) => {
    for (const type of types) {
      const current = new WeakMap();
      Object.defineProperty(prototype, `on${type}`, {
        enumerable: true,
        configurable: true,
        get() { return current.get(receiver(this))?.value ?? null; },
        set(value) {
          const target = receiver(this);
          const handler = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
          const known = current.get(target);
          if (handler === null) {
            if (known) EventTarget.prototype.removeEventListener.call(target, type, known.listener);
            current.delete(target);
          } else if (known) {
            known.value = handler;
          } else {
            const entry = { value: handler };
            entry.listener = function (event) {
              if (typeof entry.value !== 'function') return;
              const result = event instanceof ErrorEvent && target === globalThis
                ? entry.value.call(target, event.message, event.filename, event.lineno, event.colno, event.error)
                : entry.value.call(target, event);
              if (result === (event instanceof ErrorEvent)) event.preventDefault();
            };
            current.set(target, entry);
            EventTarget.prototype.addEventListener.call(target, type, entry.listener);
          }
        },
      });
    }
  };
  web.hasListeners = (target) => listenersOf(target).length > 0;

  web.fire = (target, type) => web.dispatch(target, new Event(type));
  web.fireProgress = (target, type, loaded, total) =>
    web.dispatch(target, new ProgressEvent(type, { loaded, total, lengthComputable: total > 0 }));
  web.fireMessage = (target, data, origin) => web.dispatch(target, new MessageEvent('message', { data, origin, source: globalThis }));

  web.reportException = (error) => {
    let message = 'Uncaught exception';
    try { message = `Uncaught ${error}`; } catch { /* an object without a text */ }
    web.dispatch(globalThis, new ErrorEvent('error', { message, error, cancelable: true }));
  };
  web.reportRejection = (promise, reason) =>
    web.dispatch(globalThis, new PromiseRejectionEvent('unhandledrejection', { promise, reason, cancelable: true }));
})
