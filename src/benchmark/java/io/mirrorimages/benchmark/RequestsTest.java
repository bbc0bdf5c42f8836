package io.mirrorimages.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @TempDir private Path folder;

  @Test
  void countsWhatIsAskedButNotTheQuestionHowToSignIn() throws Exception {
    assertThat(
            read(
                "GET /v2/ 200",
                "GET /api/v2.0/ping 404",
                "HEAD /v2/a/b/manifests/v1 200",
                "GET /v2/a/manifests/v1 404"))
        .isEqualTo(new Requests(2, 0, 0, 0));
  }

  @Test
  void tellsBlobsThatAreMountedFromThoseThatAreSent() throws Exception {
    assertThat(
            read(
                "HEAD /v2/a/blobs/sha256:" + HEX + " 404",
                "POST /v2/a/blobs/uploads/ 202",
                "PUT /v2/a/blobs/uploads/1?_state=x&digest=sha256%3A" + HEX + " 201",
                "HEAD /v2/b/c/blobs/sha256:" + HEX + " 404",
                "POST /v2/b/c/blobs/uploads/?mount=sha256%3A" + HEX + "&from=a 201"))
        .isEqualTo(new Requests(5, 5, 2, 1));
  }

  @Test
  void aMountThatWasRefusedIsAnUpload() throws Exception {
    assertThat(
            read(
                "POST /v2/b/blobs/uploads/?from=a&mount=sha256:" + HEX + " 202",
                "PUT /v2/b/blobs/uploads/1?digest=sha256:" + HEX + " 201"))
        .isEqualTo(new Requests(2, 2, 0, 0));
  }

  @Test
  void skipsWhatWasBefore() throws Exception {
    Path log = log(List.of("GET /v2/a/manifests/v1 200"));
    long mark = Files.size(log);
    Files.writeString(
        log, Files.readString(log) + Files.readString(log(List.of("GET /v2/a/tags/list 200"))));

    assertThat(Requests.read(log, mark)).isEqualTo(new Requests(1, 0, 0, 0));
  }

  private Requests read(String... requests) throws Exception {
    return Requests.read(log(List.of(requests)), 0);
  }

  /** As docker-registry writes it. */
  private Path log(List<String> requests) throws Exception {
    String text =
        requests.stream()
            .map(request -> request.split(" "))
            .map(
                r ->
                    "127.0.0.1 - - [21/Nov/2025:14:03:59 +0000] \"%s %s HTTP/1.1\" %s 2 \"\" \"curl\"\n"
                        .formatted(r[0], r[1], r[2]))
            .collect(Collectors.joining());
    return Files.writeString(Files.createTempFile(folder, "requests", ".log"), text);
  }
}
