package io.mirrorimages.cli.situation;

import io.mirrorimages.image.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What {@code check} makes of a configuration.
 *
 * @param readers the attempts by reader and image: address, login, and whom the node trusts
 * @param findings as {@code LINE NAME}, or {@code NAME} for the file as a whole
 * @param text what it prints for people, its line breaks as blanks
 */
record Resolved(
    Map<String, Map<String, List<String>>> readers, List<String> findings, String text) {

  static Resolved of(String json, String text) {
    JsonNode top = Json.parse(json.getBytes(StandardCharsets.UTF_8), "the output of check");
    Map<String, Map<String, List<String>>> readers = new LinkedHashMap<>();
    for (JsonNode image : top.path("images")) {
      List<String> attempts = new ArrayList<>();
      image.path("attempts").forEach(attempt -> attempts.add(attempt(attempt)));
      readers
          .computeIfAbsent(image.path("reader").stringValue(), reader -> new LinkedHashMap<>())
          .put(image.path("image").stringValue(), attempts);
    }
    List<String> findings = new ArrayList<>();
    for (JsonNode finding : top.path("findings")) {
      String line = finding.has("line") ? finding.path("line").intValue() + " " : "";
      findings.add(line + finding.path("name").stringValue());
    }
    return new Resolved(readers, findings, text.replaceAll("\\s+", " "));
  }

  /** The login is left out where there is none, and the trust where it is that of the system. */
  private static String attempt(JsonNode attempt) {
    JsonNode login = attempt.path("login");
    JsonNode tls = attempt.path("tls");
    return attempt.path("url").stringValue()
        + (login.path("kind").stringValue().equals("anonymous")
            ? ""
            : " as " + login.path("user").stringValue(""))
        + (tls.path("verify").booleanValue() ? "" : " unverified")
        + file(" CA ", tls.path("caFile"))
        + file(" client ", tls.path("certFile"));
  }

  private static String file(String name, JsonNode file) {
    return file.isMissingNode() ? "" : name + Path.of(file.stringValue()).getFileName();
  }

  /** What the first reader asks for an image, in this order. */
  List<String> attempts(String image) {
    return attempts().get(image);
  }

  /** What the first reader asks for each image. */
  Map<String, List<String>> attempts() {
    return readers.values().iterator().next();
  }

  /** The images of one registry, with what the first reader asks for them. */
  Map<String, List<String>> attemptsOf(String registry) {
    Map<String, List<String>> some = new LinkedHashMap<>(attempts());
    some.keySet().removeIf(image -> !image.startsWith(registry + "/"));
    return some;
  }

  /** The addresses that the first reader asks for an image. */
  List<String> urls(String image) {
    return attempts(image).stream().map(attempt -> attempt.replaceFirst(" .*", "")).toList();
  }
}
