package io.mirrorimages.torture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first line and the fields of an HTTP/1.1 message.
 *
 * @param start the first line
 * @param fields the others, each as {@code Name: value}
 */
record Head(String start, List<String> fields) {
  private static final int LONGEST = 64 * 1024;

  /** Reads one; empty if the stream ends before it. */
  static Optional<Head> read(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int count = 0; count < LONGEST; count++) {
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String text = line.toString().stripTrailing();
      line.setLength(0);
      if (text.isEmpty()) {
        return Optional.of(new Head(lines.getFirst(), List.copyOf(lines.subList(1, lines.size()))));
      }
      lines.add(text);
    }
    throw new IOException("no end of the head");
  }

  /** The method of a request. */
  String method() {
    return start.split(" ")[0];
  }

  /** The target of a request. */
  String target() {
    return start.split(" ")[1];
  }

  /** The status of an answer. */
  int status() {
    return Integer.parseInt(start.split(" ")[1]);
  }

  Optional<String> field(String name) {
    return fields.stream()
        .filter(field -> isCalled(field, name))
        .map(field -> field.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** How many bytes the body has. */
  long length() {
    if (field("Transfer-Encoding").isPresent()) {
      throw new IllegalStateException("the harness does not know bodies in chunks: " + start);
    }
    return field("Content-Length").map(Long::parseLong).orElse(0L);
  }

  /** The same with another value of a field. */
  Head with(String name, String value) {
    List<String> others =
        new ArrayList<>(fields.stream().filter(field -> !isCalled(field, name)).toList());
    others.add(name + ": " + value);
    return new Head(start, others);
  }

  /** The same as a request for something else. */
  Head at(String target) {
    return new Head(method() + " " + target + " HTTP/1.1", fields);
  }

  private static boolean isCalled(String field, String name) {
    return field.regionMatches(true, 0, name + ":", 0, name.length() + 1);
  }

  byte[] bytes() {
    return (start + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
