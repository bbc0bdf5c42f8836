package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What {@code save --segments} is worth where each connection is limited: runs the built tool
 * against a registry that sends 5 MB/s to each, with one and with four segments in turn. Arguments:
 * the tool, a folder to work in, the size of the one layer in MiB, and how many runs of each.
 */
final class LimitedConnections {
  private static final long BYTES_PER_SECOND = 5_000_000;
  private static final int PIECE = 50_000;

  private LimitedConnections() {}

  /** Prints the seconds of each run and the medians. */
  public static void main(String[] arguments) throws Exception {
    String tool = arguments[0];
    Path folder = Path.of(arguments[1]);
    int size = Integer.parseInt(arguments[2]) * 1024 * 1024;
    int runs = Integer.parseInt(arguments[3]);
    TestImages images = new TestImages();
    Manifest manifest = images.image(TestImages.AMD64, images.layer("large", size));
    try (FaultyRegistry registry = new FaultyRegistry()) {
      registry.addManifest("team/large", "1", manifest.bytes(), manifest.mediaType());
      manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
      registry.on("GET", "/blobs/", exchange -> limited(exchange, registry));
      Path list =
          Files.writeString(folder.resolve("list.txt"), registry.name() + "/team/large:1\n");
      List<Double> one = new ArrayList<>();
      List<Double> four = new ArrayList<>();
      for (int run = 1; run <= runs; run++) {
        one.add(seconds(tool, folder, list, 1));
        four.add(seconds(tool, folder, list, 4));
        System.out.printf("run %d: N=1 %.2f s, N=4 %.2f s%n", run, one.getLast(), four.getLast());
      }
      System.out.printf(
          "median of %d, %d MiB at 5 MB/s each: N=1 %.2f s, N=4 %.2f s, ratio %.2f%n",
          runs, size >> 20, median(one), median(four), median(four) / median(one));
    }
  }

  private static void limited(HttpExchange exchange, FaultyRegistry registry) throws IOException {
    byte[] blob = registry.blob(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
    String range = exchange.getRequestHeaders().getFirst("Range");
    String[] ends = range == null ? new String[] {"0"} : range.replace("bytes=", "").split("-");
    int from = Integer.parseInt(ends[0]);
    int to = ends.length < 2 ? blob.length : Integer.parseInt(ends[1]) + 1;
    if (range != null) {
      String part = "bytes " + from + "-" + (to - 1) + "/" + blob.length;
      exchange.getResponseHeaders().add("Content-Range", part);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
    OutputStream out = exchange.getResponseBody();
    long began = System.nanoTime();
    for (int at = from; at < to; ) {
      int piece = Math.min(PIECE, to - at);
      out.write(blob, at, piece);
      at += piece;
      long due = began + (at - from) * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND;
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private static double seconds(String tool, Path folder, Path list, int segments)
      throws Exception {
    Path output = folder.resolve("out.tar");
    Files.deleteIfExists(output);
    Path log = folder.resolve("log.txt");
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(
                tool,
                "save",
                "--list",
                list.toString(),
                "--output",
                output.toString(),
                "--failed",
                folder.resolve("failed.txt").toString(),
                "--segments",
                Integer.toString(segments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(log, StandardCharsets.UTF_8));
    }
    return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static double median(List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
