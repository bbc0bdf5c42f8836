package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each request gets the status that RFC 9110 and 9112 name, and bad framing ends the connection.
 */
@Timeout(120)
class MalformedRequestTest {
  private static final String CLOSE = "Connection: close";

  @TempDir private static Path folder;
  private static ArchiveReader archive;
  private static ArchiveServer server;

  @BeforeAll
  static void serve() throws IOException {
    Path file = folder.resolve("empty.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of())) {
      writer.finish(List.of());
    }
    archive = ArchiveReader.open(file);
    server =
        ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    archive.close();
  }

  /** In the second column a bar ends a line, and {@code \0} and {@code \r} are those characters. */
  @ParameterizedTest(name = "{1} -> {0}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = ';',
      value = {
        "200; GET /v2/ HTTP/1.1|Host: a",
        "200; GET /v2/ HTTP/1.1|host:a",
        "200; GET /v2/ HTTP/1.1|Host: [::1]:5000",
        "200; GET /v2/ HTTP/1.1|Host: a|X: tab\tand é",
        "200; GET /v2/ HTTP/1.1|Host: a|Content-Length: 0",
        "200; GET http://a/v2/ HTTP/1.1|Host: a",
        "200; GET /v2/ HTTP/1.0",
        // Section 3.2: one Host.
        "400; GET /v2/ HTTP/1.1",
        "400; GET /v2/ HTTP/1.1|Host: a|Host: a",
        "400; GET /v2/ HTTP/1.1|Host: a|Host: b",
        "400; GET /v2/ HTTP/1.1|Host: a:port",
        // Sections 2.2 and 5: characters of headers.
        "400; GET /v2/ HTTP/1.1|Host: a|X: a\\0b",
        "400; GET /v2/ HTTP/1.1|Host: a|X: a\\rb",
        "400; GET /v2/ HTTP/1.1|Host: a|X: a\\rContent-Length: 5",
        "400; GET /v2/ HTTP/1.1|Host: a|X: a\\r",
        "400; GET /v2/ HTTP/1.1|Host: a|X\\0: a",
        "400; GET /v2/ HTTP/1.1|Host: a|X : a",
        "400; GET /v2/ HTTP/1.1|Host: a|X y: a",
        "400; GET /v2/ HTTP/1.1|Host: a|: a",
        "400; GET /v2/ HTTP/1.1|Host: a|no colon",
        // Section 3: the request line.
        "400; GET",
        "400; GET /v2/ HTTP/1.1 more|Host: a",
        "400; GET /v2/a[b HTTP/1.1|Host: a|Connection: close",
        "400; GET /v2/\\0 HTTP/1.1|Host: a|Connection: close",
        "505; GET /v2/ HTTP/2.0|Host: a",
        "505; GET /v2/ HTTP/3.0|Host: a",
        // Section 6: the length of a body.
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: -1",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: +5",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: 5, 5",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: 0x5",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length:",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: 99999999999999999999",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6",
        "400; GET /v2/ HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked",
        "501; GET /v2/ HTTP/1.1|Host: a|Transfer-Encoding: gzip",
        "501; GET /v2/ HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked",
        "501; GET /v2/ HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity",
        "501; GET /v2/ HTTP/1.1|Host: a|Transfer-Encoding: identity|Transfer-Encoding: chunked",
      })
  void isAnswered(int status, String lines) throws IOException {
    String head = lines.replace("|", "\r\n").replace("\\0", "\0").replace("\\r", "\r");
    // One that is well-formed leaves its connection open, unless it says otherwise.
    String more = status == 200 ? "\r\n" + CLOSE : "";

    assertThat(answer(head + more + "\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("\r\n" + CLOSE + "\r\n")
        .containsOnlyOnce("HTTP/1.1");
  }

  @Test
  void aHeadThatIsTooLargeIsAnswered() throws IOException {
    String begun = "GET /v2/ HTTP/1.1\r\nHost: a\r\n";

    assertThat(answer(begun + "Name: value\r\n".repeat(1000))).startsWith("HTTP/1.1 431 ");
    assertThat(answer(begun + "Name: " + "x".repeat(20_000))).startsWith("HTTP/1.1 431 ");
  }

  /** A second request behind one of which the end is in doubt is not answered. */
  @Test
  void nothingIsSmuggled() throws IOException {
    String second = "GET /v2/_catalog HTTP/1.1\r\nHost: a\r\n\r\n";
    for (String doubt :
        List.of(
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
            "X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
      assertThat(answer("GET /v2/ HTTP/1.1\r\nHost: a\r\n" + doubt + second))
          .startsWith("HTTP/1.1 400 ")
          .containsOnlyOnce("HTTP/1.1");
    }
  }

  /** What comes until the server ends the connection; the client's side stays open. */
  private static String answer(String request) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
