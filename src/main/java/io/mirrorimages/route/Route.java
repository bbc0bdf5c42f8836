package io.mirrorimages.route;

import java.util.Optional;

/**
 * One of the endpoints that a repository can be fetched from.
 *
 * @param endpoint which
 * @param path what the repository is called there
 * @param refusal why it can't be asked for all the same, if so
 */
public record Route(Endpoint endpoint, String path, Optional<String> refusal) {}
