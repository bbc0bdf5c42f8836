package io.mirrorimages.failure;

/**
 * A host that did not answer a request at all.
 *
 * @param origin its scheme, host and port, as {@code https://registry.example.com:443}
 * @param symptom what was seen of it, in a few words, as {@code connection refused}; with the
 *     proxy, if one stood in between
 */
public record SilentHost(String origin, String symptom) {}
