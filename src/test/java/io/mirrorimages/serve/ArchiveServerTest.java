package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ArchiveServerTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Layer LAYER = IMAGES.layer("layer", 300_000);
  private static final Layer OTHER = IMAGES.layer("other", 100);
  private static final Digest BLOB = LAYER.descriptor().digest();
  private static final Manifest CHILD = IMAGES.dockerImage(TestImages.AMD64, LAYER);
  private static final Manifest INDEX = IMAGES.index(CHILD);
  private static final Manifest ELSEWHERE = IMAGES.image(TestImages.ARM64, OTHER);

  /** Without a media type of its own, as OCI allows. */
  private static final Manifest ODD =
      IMAGES.manifest(
          (" {\"schemaVersion\":2, \"config\":{\"mediaType\":\"a/b\",\"size\":0,\"digest\":\""
                  + IMAGES.blob("a/b", new byte[0]).digest()
                  + "\"},\"layers\":[]}\n\n")
              .getBytes(StandardCharsets.UTF_8));

  @TempDir private static Path folder;
  private static ArchiveReader archive;
  private static ArchiveServer server;
  private static HttpClient client;

  @BeforeAll
  static void serve() throws IOException {
    List<PlannedImage> plan =
        List.of(
            IMAGES.plan("rancher/shell:v1", INDEX),
            IMAGES.plan("rancher/shell:v10", CHILD),
            IMAGES.plan("rancher/shell:v2", CHILD),
            IMAGES.plan("quay.io/rancher/shell:v1", ELSEWHERE),
            IMAGES.plan("busybox:1", ODD));
    Path file = folder.resolve("a.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      for (PlannedImage image : plan) {
        IMAGES.store(image, writer);
      }
      writer.finish(plan);
    }
    archive = ArchiveReader.open(file);
    server =
        ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    server.close();
    archive.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2", "/v2/?ns=docker.io", "/v2/docker.io/", "/v2/quay.io/"})
  void isARegistryAlsoBelowThePathOfEach(String url) throws Exception {
    HttpResponse<byte[]> answer = get(url);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void givesManifestsByTagAsTheyAre() throws Exception {
    for (HttpResponse<byte[]> answer :
        List.of(get("/v2/rancher/shell/manifests/v1"), head("/v2/rancher/shell/manifests/v1"))) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "Content-Type")).isEqualTo(INDEX.mediaType());
      assertThat(header(answer, "Content-Length"))
          .isEqualTo(Integer.toString(INDEX.bytes().length));
      assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(INDEX.digest().toString());
    }
    assertThat(get("/v2/rancher/shell/manifests/v1").body()).isEqualTo(INDEX.bytes());
    assertThat(head("/v2/rancher/shell/manifests/v1").body()).isEmpty();
    assertThat(get("/v2/busybox/manifests/1").body()).isEqualTo(ODD.bytes());
  }

  @Test
  void givesTheChildrenOfAnIndexByDigest() throws Exception {
    HttpResponse<byte[]> answer = get("/v2/rancher/shell/manifests/" + CHILD.digest());

    assertThat(answer.body()).isEqualTo(CHILD.bytes());
    assertThat(header(answer, "Content-Type")).isEqualTo(CHILD.mediaType());
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/rancher/shell/manifests/v1, docker",
    "/v2/docker.io/rancher/shell/manifests/v1, docker",
    "/v2/quay.io/rancher/shell/manifests/v1, quay",
    "/v2/rancher/shell/manifests/v1?ns=docker.io, docker",
    "/v2/rancher/shell/manifests/v1?ns=quay.io, quay",
    "/v2/quay.io/rancher/shell/manifests/v1?ns=quay.io, quay",
  })
  void findsARepositoryByPathByFullNameAndByNamespace(String url, String registry)
      throws Exception {
    Manifest expected = registry.equals("quay") ? ELSEWHERE : INDEX;

    assertThat(get(url).body()).isEqualTo(expected.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/no/such/manifests/v1, NAME_UNKNOWN",
    "/v2/rancher/shell/manifests/v1?ns=ghcr.io, NAME_UNKNOWN",
    "/v2/rancher/shell/manifests/v3, MANIFEST_UNKNOWN",
    "/v2/no/such/tags/list, NAME_UNKNOWN",
    "/v2/rancher/shell/uploads/x, UNSUPPORTED",
    "/v2/ghcr.io/, UNSUPPORTED",
    "/v2/rancher/shell/, UNSUPPORTED",
    "/elsewhere, UNSUPPORTED",
    "/v2/rancher/shell/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000,"
        + " BLOB_UNKNOWN",
  })
  void saysWhatIsNotThere(String url, String code) throws Exception {
    HttpResponse<byte[]> answer = get(url);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(head(url).statusCode()).isEqualTo(404);
  }

  @Test
  void everyAnswerSaysWhichApiItIs() throws Exception {
    for (String url :
        List.of("/v2/rancher/shell/manifests/v1", "/v2/no/such/tags/list", "/elsewhere")) {
      assertThat(header(get(url), "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
      assertThat(header(head(url), "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
    }
  }

  @Test
  void severalRegistriesAreServedFromOneRoot() throws Exception {
    String blob = "/v2/rancher/shell/blobs/";
    assertThat(tags(get("/v2/rancher/shell/tags/list?ns=docker.io"))).hasSize(3);
    assertThat(tags(get("/v2/rancher/shell/tags/list?ns=quay.io"))).containsExactly("v1");
    assertThat(tags(get("/v2/library/busybox/tags/list?ns=docker.io"))).containsExactly("1");
    assertThat(get(blob + BLOB + "?ns=docker.io").statusCode()).isEqualTo(200);
    assertThat(get(blob + BLOB + "?ns=quay.io").statusCode()).isEqualTo(404);
    assertThat(get(blob + OTHER.descriptor().digest() + "?ns=quay.io").body())
        .isEqualTo(IMAGES.content(OTHER.descriptor().digest()));
    assertThat(head(blob + OTHER.descriptor().digest() + "?ns=quay.io").statusCode())
        .isEqualTo(200);
    assertThat(get(blob + OTHER.descriptor().digest() + "?ns=docker.io").statusCode())
        .isEqualTo(404);
    assertThat(
            get("/v2/rancher/shell/manifests/" + ELSEWHERE.digest() + "?ns=quay.io").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:..%2f..", "sha256:AA", "md5:00", "sha256"})
  void refusesWhatIsNoDigest(String digest) throws Exception {
    HttpResponse<byte[]> answer = get("/v2/rancher/shell/blobs/" + digest);

    assertThat(answer.statusCode()).isIn(400, 404);
    assertThat(code(answer)).isIn("DIGEST_INVALID", "UNSUPPORTED");
  }

  @Test
  void servesContentOnlyBelowARepositoryThatLeadsToIt() throws Exception {
    assertThat(get("/v2/rancher/shell/manifests/" + ELSEWHERE.digest()).statusCode())
        .isEqualTo(404);
    assertThat(get("/v2/rancher/shell/blobs/" + OTHER.descriptor().digest()).statusCode())
        .isEqualTo(404);
    assertThat(get("/v2/quay.io/rancher/shell/blobs/" + OTHER.descriptor().digest()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void givesBlobs() throws Exception {
    byte[] content = IMAGES.content(BLOB);
    String url = "/v2/rancher/shell/blobs/" + BLOB;

    assertThat(get(url).body()).isEqualTo(content);
    HttpResponse<byte[]> head = head(url);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo(Integer.toString(content.length));
    assertThat(header(head, "Docker-Content-Digest")).isEqualTo(BLOB.toString());
    assertThat(header(head, "Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void givesAnEmptyBlob() throws Exception {
    String url = "/v2/library/busybox/blobs/" + Digest.sha256(new byte[0]);

    assertThat(get(url).statusCode()).isEqualTo(200);
    assertThat(header(get(url), "Content-Length")).isEqualTo("0");
    assertThat(header(head(url), "Content-Length")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=10-19, 10, 20",
    "bytes=300000-, 300000, -1",
    "bytes=300000-999999999, 300000, -1",
    "bytes=-5, -5, -1",
    "bytes=0-, 0, -1",
    "Bytes=10-19, 10, 20",
    "bytes=-999999999, 0, -1",
  })
  void givesPartsOfBlobs(String range, int from, int to) throws Exception {
    byte[] content = IMAGES.content(BLOB);
    int start = from < 0 ? content.length + from : from;
    int end = to < 0 ? content.length : to;

    HttpResponse<byte[]> answer = get("/v2/rancher/shell/blobs/" + BLOB, "Range", range);

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, start, end));
    assertThat(header(answer, "Content-Range"))
        .isEqualTo("bytes " + start + "-" + (end - 1) + "/" + content.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=99999999-", "bytes=-0", "bytes=99999999-999999999"})
  void refusesPartsThatAreNotThere(String range) throws Exception {
    HttpResponse<byte[]> answer = get("/v2/rancher/shell/blobs/" + BLOB, "Range", range);

    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + IMAGES.content(BLOB).length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-1", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"})
  void givesTheWholeBlobForRangesItDoesNotKnow(String range) throws Exception {
    HttpResponse<byte[]> answer = get("/v2/rancher/shell/blobs/" + BLOB, "Range", range);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).hasSize(IMAGES.content(BLOB).length);
  }

  @Test
  void givesTheWholeBlobWhereThePartWasOfAnother() throws Exception {
    String url = "/v2/rancher/shell/blobs/" + BLOB;

    assertThat(get(url, "Range", "bytes=1-2", "If-Range", "\"x\"").statusCode()).isEqualTo(200);
    for (String other :
        List.of("W/\"" + BLOB + "\"", BLOB.toString(), "Sat, 21 Nov 2026 10:00:00 GMT")) {
      assertThat(get(url, "Range", "bytes=1-2", "If-Range", other).statusCode()).isEqualTo(200);
    }
    assertThat(get(url, "Range", "bytes=1-2", "If-Range", "\"" + BLOB + "\"").statusCode())
        .isEqualTo(206);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "W/\"%s\"", "%s", "\"x\", \"%s\"", "*"})
  void sendsNothingThatTheClientHas(String pattern) throws Exception {
    String tag = pattern.formatted(INDEX.digest());

    HttpResponse<byte[]> answer = get("/v2/rancher/shell/manifests/v1", "If-None-Match", tag);

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(get("/v2/rancher/shell/manifests/v1", "If-None-Match", "\"x\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void listsTagsPageByPage() throws Exception {
    assertThat(tags(get("/v2/rancher/shell/tags/list"))).containsExactly("v1", "v10", "v2");

    HttpResponse<byte[]> first = get("/v2/rancher/shell/tags/list?n=2&ns=docker.io");
    assertThat(tags(first)).containsExactly("v1", "v10");
    assertThat(header(first, "Link"))
        .isEqualTo("</v2/rancher/shell/tags/list?n=2&last=v10&ns=docker.io>; rel=\"next\"");
    HttpResponse<byte[]> second = get("/v2/rancher/shell/tags/list?n=2&last=v10&ns=docker.io");
    assertThat(tags(second)).containsExactly("v2");
    assertThat(second.headers().firstValue("Link")).isEmpty();
    assertThat(tags(get("/v2/rancher/shell/tags/list?last=v1"))).containsExactly("v10", "v2");
    assertThat(tags(get("/v2/rancher/shell/tags/list?last=v11"))).containsExactly("v2");
    assertThat(tags(get("/v2/rancher/shell/tags/list?last=z"))).isEmpty();
    for (String all : List.of("3", "4", "99999999999")) {
      HttpResponse<byte[]> answer = get("/v2/rancher/shell/tags/list?n=" + all);
      assertThat(tags(answer)).hasSize(3);
      assertThat(answer.headers().firstValue("Link")).isEmpty();
    }
    assertThat(tags(get("/v2/rancher/shell/tags/list?n=0"))).isEmpty();
    assertThat(get("/v2/rancher/shell/tags/list?n=0").headers().firstValue("Link")).isEmpty();
    assertThat(get("/v2/rancher/shell/tags/list?n=x").statusCode()).isEqualTo(400);
    assertThat(get("/v2/rancher/shell/tags/list?n=-1").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
  void takesNothing(String method) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            request("/v2/rancher/shell/blobs/uploads/")
                .method(method, BodyPublishers.ofString("content"))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(code(answer)).isEqualTo("UNSUPPORTED");
  }

  @Test
  void manyClientsPullAtOnce() throws Exception {
    List<Future<Boolean>> pulls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        pulls.add(
            threads.submit(
                () -> {
                  HttpResponse<InputStream> answer =
                      client.send(
                          request("/v2/rancher/shell/blobs/" + BLOB).build(),
                          BodyHandlers.ofInputStream());
                  try (InputStream body = answer.body()) {
                    return Digest.sha256(body.readAllBytes()).equals(BLOB);
                  }
                }));
      }
    }
    for (Future<Boolean> pull : pulls) {
      assertThat(pull.get()).isTrue();
    }
  }

  @Test
  void listsRepositoriesPageByPage() throws Exception {
    HttpResponse<byte[]> all = get("/v2/_catalog");
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(names(all))
        .containsExactly("library/busybox", "quay.io/rancher/shell", "rancher/shell");
    assertThat(header(all, "Link")).isEmpty();
    assertThat(names(get("/v2/_catalog?ns=quay.io"))).containsExactly("rancher/shell");

    HttpResponse<byte[]> first = get("/v2/_catalog?n=2");
    assertThat(names(first)).containsExactly("library/busybox", "quay.io/rancher/shell");
    String next = header(first, "Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
    HttpResponse<byte[]> last = get(next);
    assertThat(names(last)).containsExactly("rancher/shell");
    assertThat(header(last, "Link")).isEmpty();
    assertThat(get("/v2/_catalog?n=x").statusCode()).isEqualTo(400);
  }

  private static List<String> names(HttpResponse<byte[]> answer) {
    List<String> names = new ArrayList<>();
    Json.parse(answer.body(), "the catalog")
        .get("repositories")
        .forEach(name -> names.add(name.asString()));
    return names;
  }

  /** By the plain response clients notice at once, and try HTTP. */
  @Test
  void aTlsGreetingGetsAPlainResponse() throws Exception {
    byte[] greeting = new byte[300];
    greeting[0] = 0x16;
    greeting[1] = 3;
    greeting[2] = 1;
    try (Socket socket = connect()) {
      socket.getOutputStream().write(greeting);

      assertThat(everything(socket))
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("this port is for http");
    }
  }

  @Test
  void aBodyIsNotRead() throws Exception {
    for (String body :
        List.of(
            "Content-Length: 99999999999\r\n\r\nx",
            "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
            "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")) {
      try (Socket socket = connect()) {
        write(socket, "POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: a\r\n" + body);

        assertThat(everything(socket))
            .startsWith("HTTP/1.1 405 ")
            .contains("Connection: close\r\n");
      }
    }
  }

  @Test
  void oneConnectionTakesRequestsOneAfterTheOther() throws Exception {
    String request = "%s /v2/rancher/shell/manifests/v1 HTTP/1.1\r\nHost: a\r\n%s\r\n";
    try (Socket socket = connect()) {
      write(
          socket,
          request.formatted("HEAD", "")
              + request.formatted("GET", "If-None-Match: *\r\n")
              + request.formatted("GET", "")
              + request.formatted("GET", "Connection: close\r\n")
              + request.formatted("GET", ""));

      assertThat(everything(socket).split("HTTP/1.1 "))
          .satisfiesExactly(
              nothing -> assertThat(nothing).isEmpty(),
              head -> assertThat(head).startsWith("200 OK").endsWith("\r\n\r\n"),
              unchanged -> assertThat(unchanged).startsWith("304 ").endsWith("\r\n\r\n"),
              whole -> assertThat(whole).startsWith("200 OK").endsWith("}"),
              last ->
                  assertThat(last)
                      .startsWith("200 OK")
                      .contains("Connection: close")
                      .endsWith("}"));
    }
  }

  @Test
  void aRequestOfHttp10EndsItsConnection() throws Exception {
    try (Socket socket = connect()) {
      write(socket, "GET /v2/ HTTP/1.0\r\n\r\n");

      assertThat(everything(socket)).startsWith("HTTP/1.1 200 OK").endsWith("{}");
    }
  }

  private static Socket connect() throws IOException {
    return new Socket(server.address().getAddress(), server.address().getPort());
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What comes until the server ends the connection; the client's side stays open. */
  private static String everything(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void aRequestInPiecesIsAnswered() throws Exception {
    try (Socket socket = connect()) {
      for (String piece : List.of("GET /v2/ HT", "TP/1.1\r\nHost: a", "\r\n\r\n")) {
        socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
      }
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void saysThatItsPortIsTaken() {
    assertThatThrownBy(() -> ArchiveServer.start(archive, server.address()).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.ADDRESS))
        .hasMessageContaining(Integer.toString(server.address().getPort()));
  }

  @Test
  void namesAnIpv6AddressInBrackets() {
    // An address for documents (RFC 3849), which no machine has.
    InetSocketAddress address = new InetSocketAddress("2001:db8::1", 5000);

    assertThatThrownBy(() -> ArchiveServer.start(archive, address).close())
        .hasMessageContaining("can't listen on [2001:db8:0:0:0:0:0:1]:5000 (");
    assertThat(ArchiveServer.text(InetSocketAddress.createUnresolved("::1", 5000)))
        .isEqualTo("[::1]:5000");
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> head(String path) throws Exception {
    return client.send(request(path).HEAD().build(), BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String code(HttpResponse<byte[]> answer) {
    return Json.parse(answer.body(), "answer").get("errors").get(0).get("code").asString();
  }

  private static List<String> tags(HttpResponse<byte[]> answer) {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : Json.parse(answer.body(), "answer").get("tags")) {
      tags.add(tag.asString());
    }
    return tags;
  }
}
