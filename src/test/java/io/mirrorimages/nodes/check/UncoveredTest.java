package io.mirrorimages.nodes.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as covered, and that an image is resolved once for findings and requests. */
class UncoveredTest {
  private static final List<Reference> IMAGES =
      List.of(Reference.parse("quay.io/a/b:1"), Reference.parse("mirror.lan/c/d:1"));

  private final List<Reference> resolved = new ArrayList<>();

  /** Asks each registry itself, and knows one mirror. */
  private final class Itself implements NodeReader {
    @Override
    public String label() {
      return "test";
    }

    @Override
    public Resolution resolve(Reference image) {
      resolved.add(image);
      return new Resolution(
          label(),
          image,
          List.of(
              new NodeAttempt(
                  "https",
                  image.repository().registry(),
                  "/v2",
                  image.repository().path(),
                  true,
                  NodeLogin.ANONYMOUS,
                  NodeTls.SYSTEM,
                  "test",
                  Optional.empty())));
    }

    @Override
    public boolean isMirror(String registry) {
      return registry.equals("mirror.lan");
    }
  }

  @Test
  void imagesOfAMirrorNeedNoMirror() {
    FindingLog findings = new FindingLog();
    Uncovered.find(new Itself(), IMAGES, "f", findings);
    assertThat(findings.all())
        .extracting(ConfigFinding::text)
        .containsExactly("1 image of quay.io has no mirror: nodes ask quay.io itself");
  }

  @Test
  void anImageIsResolvedOnce() {
    NodeReader once = new ResolvedOnce(new Itself());
    Uncovered.find(once, IMAGES, "f", new FindingLog());
    assertThat(once.resolve(IMAGES.getFirst())).isSameAs(once.resolve(IMAGES.getFirst()));
    assertThat(resolved).containsExactly(IMAGES.getFirst());
  }
}
