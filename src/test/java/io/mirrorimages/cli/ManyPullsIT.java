package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built {@code serve}, pulled from by 200 at once: its memory stays, and nobody waits. */
@Timeout(600)
class ManyPullsIT {
  private static final long SIZE = 256L * 1024 * 1024;
  private static final int PULLS = 200;

  /** Clients that go to the end; the others stop reading in the middle. */
  private static final int FAST = 8;

  private static final int PART = 512 * 1024;
  private static final long LARGEST_GROWTH_KIB = 150 * 1024;
  private static final Pattern ADDRESS = Pattern.compile("on http://[^ ]*:([0-9]+)\\n");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*([0-9]+) kB");

  @TempDir private Path folder;
  private Digest blob;
  private Process server;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    Path archive = folder.resolve("large.tar");
    writeArchive(archive);
    Path out = folder.resolve("out.log");
    server =
        new ProcessBuilder(
                System.getProperty("mirror-images.command"),
                "serve",
                "--archive",
                archive.toString(),
                "--listen",
                "127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    Matcher address = ADDRESS.matcher("");
    while (!address.reset(Files.readString(out)).find()) {
      assertThat(server.waitFor(20, TimeUnit.MILLISECONDS)).as(Files.readString(out)).isFalse();
    }
    port = Integer.parseInt(address.group(1));
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  @Test
  void twoHundredPullsAtOnceNeedNoMoreMemoryThanTheirBuffersAndSlowOnesHoldUpNobody()
      throws Exception {
    part(0);
    long before = peakKib();
    CountDownLatch begun = new CountDownLatch(PULLS - FAST);
    CountDownLatch release = new CountDownLatch(1);
    List<Future<Boolean>> slow = new ArrayList<>();
    List<Future<Digest>> fast = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int i = FAST; i < PULLS; i++) {
          slow.add(threads.submit(() -> pullSlowly(begun, release)));
        }
        // One that fails would never count as begun.
        while (!begun.await(20, TimeUnit.MILLISECONDS)) {
          for (Future<Boolean> pull : slow) {
            assertThat(pull.isDone() && !pull.get()).isFalse();
          }
        }
        for (int i = 0; i < FAST; i++) {
          fast.add(threads.submit(this::pull));
        }
        for (Future<Digest> pull : fast) {
          assertThat(pull.get()).isEqualTo(blob);
        }
        // All the others are still underway.
        assertThat(slow).noneMatch(Future::isDone);
      } finally {
        release.countDown();
      }
      for (Future<Boolean> pull : slow) {
        assertThat(pull.get()).isTrue();
      }
      List<Future<Boolean>> parts = new ArrayList<>();
      for (int i = 0; i < PULLS; i++) {
        long offset = i * (SIZE - PART) / (PULLS - 1);
        parts.add(threads.submit(() -> part(offset)));
      }
      for (Future<Boolean> part : parts) {
        assertThat(part.get()).isTrue();
      }
    }
    assertThat(peakKib() - before).isLessThan(LARGEST_GROWTH_KIB);
  }

  /** Everything, as fast as it comes. */
  private Digest pull() throws IOException {
    try (Socket socket = ask("")) {
      InputStream in = socket.getInputStream();
      assertThat(status(in)).isEqualTo("HTTP/1.1 200 OK");
      MessageDigest hasher = blob.newHasher();
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hasher.update(buffer, 0, read);
      }
      return new Digest(blob.algorithm(), HexFormat.of().formatHex(hasher.digest()));
    }
  }

  /** The beginning, then nothing until it is told, then some more. */
  private boolean pullSlowly(CountDownLatch begun, CountDownLatch release) throws Exception {
    try (Socket socket = ask("")) {
      InputStream in = socket.getInputStream();
      assertThat(status(in)).isEqualTo("HTTP/1.1 200 OK");
      boolean right = matches(in, 0);
      begun.countDown();
      release.await();
      for (int i = 1; i < 20 && right; i++) {
        right = matches(in, (long) i * PART);
      }
      return right;
    }
  }

  private boolean part(long offset) throws IOException {
    try (Socket socket = ask("Range: bytes=" + offset + "-" + (offset + PART - 1) + "\r\n")) {
      InputStream in = socket.getInputStream();
      assertThat(status(in)).isEqualTo("HTTP/1.1 206 Partial Content");
      return matches(in, offset) && in.read() < 0;
    }
  }

  private Socket ask(String header) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket
        .getOutputStream()
        .write(
            "GET /v2/rancher/large/blobs/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n"
                .formatted(blob, header)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads the head of an answer and gives its first line. */
  private static String status(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("the connection ended after: " + head);
      }
      head.append((char) read);
    }
    return head.substring(0, head.indexOf("\r\n"));
  }

  /** Whether the next {@link #PART} bytes are the blob's from {@code offset} on. */
  private static boolean matches(InputStream in, long offset) throws IOException {
    byte[] got = in.readNBytes(PART);
    if (got.length != PART) {
      return false;
    }
    for (int i = 0; i < PART; i++) {
      if (got[i] != at(offset + i)) {
        return false;
      }
    }
    return true;
  }

  /** The blob's content: no two places nearby look alike. */
  private static byte at(long offset) {
    long mixed = (offset >>> 3) * 0x9E3779B97F4A7C15L;
    return (byte) ((mixed ^ mixed >>> 29) >>> 8 * (offset & 7));
  }

  private long peakKib() throws IOException {
    // The launcher has become the JVM: it keeps the process id.
    Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + server.pid() + "/status")));
    assertThat(peak.find()).isTrue();
    return Long.parseLong(peak.group(1));
  }

  /** An archive of one image with one layer, made without holding it in memory. */
  private void writeArchive(Path file) throws IOException {
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    forEachPart(part -> hasher.update(part));
    blob = new Digest("sha256", HexFormat.of().formatHex(hasher.digest()));
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] manifest =
        Json.MAPPER.writeValueAsBytes(
            new TreeMap<>(
                Map.of(
                    "schemaVersion",
                    2,
                    "mediaType",
                    MediaTypes.OCI_MANIFEST,
                    "config",
                    descriptor("a/config", Digest.sha256(config), config.length),
                    "layers",
                    List.of(descriptor("a/layer", blob, SIZE)))));
    Map<String, Object> entry =
        descriptor(MediaTypes.OCI_MANIFEST, Digest.sha256(manifest), manifest.length);
    entry.put(
        "annotations", Map.of("org.opencontainers.image.ref.name", "docker.io/rancher/large:v1"));
    byte[] index =
        Json.MAPPER.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", List.of(entry)));
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      put(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      put(tar, "index.json", index);
      put(tar, "blobs/sha256/" + Digest.sha256(manifest).hex(), manifest);
      put(tar, "blobs/sha256/" + Digest.sha256(config).hex(), config);
      TarArchiveEntry layer = new TarArchiveEntry("blobs/sha256/" + blob.hex());
      layer.setSize(SIZE);
      tar.putArchiveEntry(layer);
      forEachPart(
          part -> {
            try {
              tar.write(part);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      tar.closeArchiveEntry();
    }
  }

  private static void forEachPart(Consumer<byte[]> then) {
    byte[] part = new byte[PART];
    for (long offset = 0; offset < SIZE; offset += PART) {
      for (int i = 0; i < PART; i++) {
        part[i] = at(offset + i);
      }
      then.accept(part);
    }
  }

  private static Map<String, Object> descriptor(String mediaType, Digest digest, long size) {
    return new TreeMap<>(Map.of("mediaType", mediaType, "digest", digest.toString(), "size", size));
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
