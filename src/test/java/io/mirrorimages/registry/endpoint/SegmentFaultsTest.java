package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of a layer that do not come, break off, or are wrong. */
@Timeout(300)
class SegmentFaultsTest extends LargeLayer {
  // Servers that send no parts

  @Test
  void aServerThatSendsTheWholeInPlaceOfAPartIsReadAndNeverAskedForOneAgain() throws IOException {
    stockMore(2);
    jobs = 1;
    origin.on("GET", "/blobs/", origin::whole);

    assertCopied(save());

    List<String> ranges =
        origin.seen("GET", "/blobs/").stream().map(s -> s.header("Range")).toList();
    assertThat(ranges).filteredOn(range -> !range.isEmpty()).containsExactly(partFrom(0, 0));
    // Three layers and three configs, of which some are the same: each once.
    assertThat(origin.seen("GET", "/blobs/"))
        .extracting(FaultyRegistry.Seen::target)
        .doesNotHaveDuplicates();
  }

  @Test
  void aMirrorThatSendsNoPartsIsStillTheFirst() throws IOException {
    FaultyRegistry cache = server();
    cache.on("GET", "/blobs/", cache::whole);

    ImageResult result = save(cache).getFirst();

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(cache.url(""));
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
    assertThat(ranges(cache)).containsExactly(partFrom(0, 0));
  }

  @Test
  void whereOnlyTheFirstPartIsSentTheRestComesInOneStream() throws IOException {
    origin.on("GET", "/blobs/" + layer.digest(), 1, origin::properly);
    origin.on("GET", "/blobs/" + layer.digest(), origin::whole);

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aMirrorThatDiesAmongPartsIsReplacedByOneThatSendsTheWhole() throws IOException {
    FaultyRegistry one = server();
    one.on("GET", "/blobs/" + layer.digest(), 1, one::properly);
    one.on("GET", "/blobs/" + layer.digest(), FaultyRegistry.status(503, ""));
    origin.on("GET", "/blobs/", origin::whole);

    assertCopied(save(one));

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void anotherPartThanTheOneAskedForIsNotTakenForIt() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        1,
        exchange ->
            FaultyRegistry.respond(
                exchange,
                206,
                Arrays.copyOfRange(content, 1, part + 1),
                "Content-Range: bytes 1-" + part + "/" + size));

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
    assertThat(ranges(origin)).filteredOn(r -> r.equals(partFrom(0, 0))).hasSize(2);
  }

  // Lines that break

  @Test
  void aPartThatBreaksOffIsContinuedAtItsByte() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(2, 0))) {
            breakOff(exchange, 2 * part, 3 * part, 100_000);
          } else {
            origin.properly(exchange);
          }
        });

    assertCopied(save());

    assertThat(ranges(origin)).hasSize(5).contains(partFrom(2, 100_000));
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aPartMayComeFromAnotherMirror() throws IOException {
    FaultyRegistry one = server();
    FaultyRegistry two = server();
    one.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(1, 0))) {
            breakOff(exchange, part, 2 * part, 50_000);
          } else {
            one.properly(exchange);
          }
        });

    ImageResult result = save(one, two).getFirst();

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).contains(one.url(""), two.url(""));
    assertThat(ranges(two)).contains(partFrom(1, 50_000));
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aPartThatNobodyHasEndsTheOthersAndIsTheReason() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(3, 0))) {
            FaultyRegistry.respond(exchange, 403, new byte[0]);
          } else {
            origin.properly(exchange);
          }
        });

    ImageResult result = save().getFirst();

    assertThat(result.reason()).contains(FailureKind.DENIED);
    assertThat(spec.output()).doesNotExist();
  }

  // Wrong bytes

  @Test
  void wrongBytesInOnePartThrowTheWholeAway() throws IOException {
    origin.on("GET", "/blobs/" + layer.digest(), spoiling(origin, 600_000));

    ImageResult result = save().getFirst();

    assertThat(result.reason()).contains(FailureKind.CORRUPT);
    assertThat(result.message()).contains(layer.digest().toString(), origin.name());
    // Once more, in case the line had spoilt it.
    assertThat(ranges(origin)).hasSize(8);
    assertThat(UnfinishedArchive.find(spec).orElseThrow().keptBytes()).isLessThan(part);
  }

  @Test
  void aMirrorThatSentAWrongPartIsAskedLast() throws IOException {
    FaultyRegistry one = server();
    FaultyRegistry two = server();
    one.on("GET", "/blobs/" + layer.digest(), spoiling(one, 600_000));

    assertCopied(save(one, two));

    assertThat(ranges(one)).hasSize(4);
    assertThat(ranges(two)).hasSize(4);
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  private Behaviour spoiling(FaultyRegistry server, int at) {
    byte[] spoilt = content.clone();
    spoilt[at] ^= 1;
    return exchange -> {
      String[] ends = range(exchange).replace("bytes=", "").split("-");
      int from = Integer.parseInt(ends[0]);
      int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
      FaultyRegistry.respond(
          exchange,
          206,
          Arrays.copyOfRange(spoilt, from, to),
          "Content-Range: bytes " + from + "-" + (to - 1) + "/" + size);
    };
  }

  private void breakOff(HttpExchange exchange, int from, int to, int sent) throws IOException {
    begin(exchange, from, to, sent);
    throw new IOException("cut by the test");
  }
}
