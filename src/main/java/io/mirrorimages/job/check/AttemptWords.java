package io.mirrorimages.job.check;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.nodes.check.NodeAttempt;
import java.io.IOException;

/**
 * Why an attempt failed, in one line that advises keys of the node's files: options of a command
 * line do not change what a node does.
 */
final class AttemptWords {
  private AttemptWords() {}

  static String of(IOException failure, NodeAttempt attempt) {
    String text =
        Setting.named(ErrorWords.of(failure), AttemptWords::key)
            .replaceAll(" \\(docker login, or [^()]*\\)", "");
    if (attempt.tls().caFile().isPresent()) {
      text =
          text.replace(
              "(no known CA has signed it): name its CA with " + key(Setting.CA_FILE),
              "("
                  + attempt.tls().caFile().get()
                  + " has not signed it, nor has a CA of the system): give it the CA of the"
                  + " registry");
    }
    String place = attempt.root().replaceFirst("^/v2(?=/|$)", "");
    String host = attempt.host();
    // A client knows the root of its API, but does not name it.
    return place.isEmpty()
        ? text
        : text.replace(host + "/" + attempt.path(), host + place + "/" + attempt.path());
  }

  private static String key(Setting setting) {
    return switch (setting) {
      case CA_FILE -> "ca_file (registries.yaml), ca (hosts.toml) or a file in certs.d";
      case CERT_FILE -> "the client's certificate";
      case KEY_FILE -> "its key";
      case PLAIN_HTTP -> "http:// in the endpoint";
      default -> setting.id();
    };
  }
}
