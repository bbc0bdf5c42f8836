package io.mirrorimages.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry was asked, by its access log.
 *
 * @param all every request, pings too; these registries give no tokens
 * @param blobs those about blobs
 * @param mounts those of them that showed a blob in a further repository
 */
record Requests(int all, int blobs, int mounts) {
  private static final Pattern LINE = Pattern.compile("\"([A-Z]+) (\\S+) HTTP/[0-9.]+\" (\\d+) ");

  /** Those after the first {@code skipped} bytes of an access log. */
  static Requests read(Path log, long skipped) throws IOException {
    int all = 0;
    int blobs = 0;
    int mounts = 0;
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(skipped);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher request = LINE.matcher(line);
        if (request.find()) {
          all++;
          if (request.group(2).contains("/blobs/")) {
            blobs++;
            if (request.group(1).equals("POST") && request.group(3).equals("201")) {
              mounts++;
            }
          }
        }
      }
    }
    return new Requests(all, blobs, mounts);
  }
}
