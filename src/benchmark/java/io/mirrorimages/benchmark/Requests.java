package io.mirrorimages.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry was asked, by its access log.
 *
 * @param all those about a repository: not the few of each run that ask how to sign in, or whether
 *     this is a Harbor; these registries give no tokens
 * @param blobs those about blobs
 * @param mounted those of them about blobs that were then mounted from another repository
 * @param mounts how many of those there were
 */
record Requests(int all, int blobs, int mounted, int mounts) {
  private static final Pattern LINE = Pattern.compile("\"([A-Z]+) (\\S+) HTTP/[0-9.]+\" (\\d+) ");
  private static final Pattern REPOSITORY = Pattern.compile("/v2/[^?]");
  private static final Pattern BLOB =
      Pattern.compile("/v2/(.+)/blobs/(?:uploads/\\?.*\\bmount=)?(sha256(?::|%3A)[0-9a-f]{64}).*");

  /** Those after the first {@code skipped} bytes of an access log. */
  static Requests read(Path log, long skipped) throws IOException {
    int all = 0;
    int blobs = 0;
    Map<String, Integer> named = new HashMap<>();
    Set<String> mounts = new HashSet<>();
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(skipped);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher request = LINE.matcher(line);
        if (!request.find() || !REPOSITORY.matcher(request.group(2)).lookingAt()) {
          continue;
        }
        all++;
        if (request.group(2).contains("/blobs/")) {
          blobs++;
          Matcher blob = BLOB.matcher(request.group(2));
          if (blob.matches()) {
            String place = blob.group(1) + "@" + blob.group(2).replace("%3A", ":");
            named.merge(place, 1, Integer::sum);
            if (request.group(1).equals("POST") && request.group(3).equals("201")) {
              mounts.add(place);
            }
          }
        }
      }
    }
    return new Requests(all, blobs, mounts.stream().mapToInt(named::get).sum(), mounts.size());
  }
}
