package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients that connect and then take nothing, or little. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class StalledClientTest {
  /** More than the system's buffers between two sockets hold. */
  private static final int SIZE = 32 * 1024 * 1024;

  private final TestImages images = new TestImages();
  private final List<Socket> sockets = new ArrayList<>();
  private Digest blob;
  private ArchiveReader archive;

  @TempDir private Path folder;

  @BeforeEach
  void makeArchive() throws IOException {
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    Manifest image = images.artifact("a/config", "a/layer", content);
    blob = image.layers().getFirst().digest();
    PlannedImage plan = images.plan("rancher/large:v1", image);
    Path file = folder.resolve("large.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of(plan))) {
      images.store(plan, writer);
      writer.finish(List.of(plan));
    }
    archive = ArchiveReader.open(file);
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    archive.close();
  }

  @Test
  void aClientThatTakesNothingIsCutOff() throws Exception {
    try (ArchiveServer server = start(Duration.ofSeconds(1))) {
      Socket stalled = ask(server);
      // Its end is seen without reading: writing to a closed connection fails sooner or later.
      assertThat(isClosed(stalled)).isTrue();
      assertThat(stalled.getInputStream().readAllBytes()).hasSizeLessThan(SIZE);
      assertThat(download(server)).isEqualTo(blob);
    }
  }

  @Test
  void aClientThatTakesALittleNowAndThenGetsEverything() throws Exception {
    Duration patience = Duration.ofSeconds(4);
    try (ArchiveServer server = start(patience)) {
      Socket slow = ask(server);
      long end = System.nanoTime() + patience.multipliedBy(2).toNanos();
      InputStream in = slow.getInputStream();
      long taken = 0;
      while (System.nanoTime() < end) {
        // Enough each time that the system asks the server for more.
        taken += in.readNBytes(1024 * 1024).length;
        Thread.sleep(400);
      }
      taken += in.readAllBytes().length;
      assertThat(taken).isGreaterThan(SIZE);
    }
  }

  @Test
  void stalledClientsDoNotKeepOthersWaitingNorTheEnd() throws Exception {
    try (ArchiveServer server = start(Duration.ofMinutes(5))) {
      for (int i = 0; i < 40; i++) {
        ask(server);
      }
      assertThat(download(server)).isEqualTo(blob);
    }
    for (Socket stalled : sockets) {
      assertThat(isClosed(stalled)).isTrue();
    }
  }

  @Test
  void slowReadersOfOneAddressLeavePlacesToOthers() throws Exception {
    try (ArchiveServer server =
        ArchiveServer.start(
            archive,
            new InetSocketAddress("0.0.0.0", 0),
            new ServerOptions(Optional.empty(), Optional.empty(), Duration.ofMinutes(5)),
            3)) {
      Socket first = ask(server);
      ask(server);
      ask(server);

      assertThat(statusOf(server, "127.0.0.1")).isEqualTo(429);
      assertThat(statusOf(server, "127.0.0.2")).isEqualTo(200);
      // Who has gone takes no place, once the server has seen it.
      first.close();
      while (statusOf(server, "127.0.0.1") != 200) {
        Thread.sleep(10);
      }
    }
  }

  /** The status that a client at this address gets. */
  private static int statusOf(ArchiveServer server, String address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(address, 0));
      socket.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()));
      socket
          .getOutputStream()
          .write("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(line.substring(9));
    }
  }

  private ArchiveServer start(Duration patience) throws IOException {
    return ArchiveServer.start(
        archive,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new ServerOptions(Optional.empty(), Optional.empty(), patience));
  }

  /** Sends a request for the blob and reads the first byte of its answer. */
  private Socket ask(ArchiveServer server) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()));
    String request = "GET /v2/rancher/large/blobs/" + blob + " HTTP/1.1\r\nHost: x\r\n";
    socket
        .getOutputStream()
        .write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static boolean isClosed(Socket socket) throws InterruptedException {
    while (true) {
      try {
        socket.getOutputStream().write('\n');
        Thread.sleep(10);
      } catch (IOException e) {
        return true;
      }
    }
  }

  private Digest download(ArchiveServer server) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + server.address().getPort() + "/v2/rancher/large/blobs/" + blob);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return Digest.sha256(
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray()).body());
    }
  }
}
