package io.mirrorimages.registry.endpoint;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static io.mirrorimages.testing.FaultyRegistry.truncated;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of blobs that a mirror sends in part, or wrong. */
@Timeout(300)
class RoutedBlobsTest extends TwoMirrors {
  @Test
  void aBlobBegunAtOneIsContinuedAtTheOther() throws IOException {
    breakOff(one, 100_000);
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    Seen rest = two.seen("GET", "/blobs/" + layer).getFirst();
    assertThat(rest.header("Range")).matches("bytes=[1-9][0-9]*-");
    assertThat(result.provenance().servedBy()).containsExactly(one.url(""), two.url(""));
    assertThat(result.provenance().passedOver().get(one.url(""))).startsWith("broke off: ");
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
  }

  @Test
  void theRestComesFromOneThatKnowsParts() throws IOException {
    breakOff(one, 100_000);
    two.on("GET", "/blobs/", this::sendsAll);
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(origin.seen("GET", "/blobs/" + layer).getFirst().header("Range"))
        .matches("bytes=[1-9][0-9]*-");
    assertThat(result.provenance().passedOver().get(two.url(""))).contains("does not send a part");
  }

  @Test
  void whereNobodyKnowsPartsWhatIsThereIsSkipped() throws IOException {
    for (FaultyRegistry server : servers) {
      breakOff(server, 100_000);
      server.on("GET", "/blobs/", this::sendsAll);
    }
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void wrongBytesOfTheRightLengthComeFromTheNextThen() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    one.on(
        "GET",
        "/blobs/" + layer,
        status(200, new String(wrong, java.nio.charset.StandardCharsets.US_ASCII)));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    assertThat(two.seen("GET", "/blobs/" + layer)).hasSize(1);
  }

  @Test
  void theSameWrongBytesOfTwoMirrorsSayNothingOfTheThird() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    Behaviour lie = exchange -> FaultyRegistry.respond(exchange, 200, wrong);
    one.on("GET", "/blobs/" + layer, lie);
    two.on("GET", "/blobs/" + layer, lie);
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    origin.on("GET", "/blobs/" + layer, lie);
    ImageResult result = copy(rules(one, two));
    assertThat(result.reason()).contains(FailureKind.CORRUPT);
  }

  @Test
  void aLiarWhoBreaksOffDoesNotSpoilTheBlob() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    one.on("GET", "/blobs/" + layer, truncated(wrong, 150_000));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
  }

  private void breakOff(FaultyRegistry server, int after) {
    server.on("GET", "/blobs/" + layer, 1, truncated(images.content(layer), after));
  }

  /** Ignores the Range. */
  private void sendsAll(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] bytes = images.content(Digest.parse(path.substring(path.lastIndexOf('/') + 1)));
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }
}
