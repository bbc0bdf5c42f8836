package io.mirrorimages.failure;

/**
 * A host that did not answer a request at all.
 *
 * @param origin its scheme, host and port, as {@code https://registry.example.com:443}
 * @param symptom what was seen of it, in two or three words, as {@code connection refused}
 */
public record SilentHost(String origin, String symptom) {}
