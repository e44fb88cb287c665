// Public API of @basalt/http-host.
export {};
