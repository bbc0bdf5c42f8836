package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The one walk over an image's manifests, and its bounds. */
class ManifestGraphTest {
  private final Map<Digest, Manifest> stored = new HashMap<>();
  private final List<Digest> fetched = new ArrayList<>();
  private final List<Digest> visited = new ArrayList<>();

  private final ManifestGraph graph =
      new ManifestGraph(
          entry -> {
            fetched.add(entry.digest());
            return Optional.ofNullable(stored.get(entry.digest()));
          });

  @Test
  void visitsAnIndexBeforeOrAfterWhatItLists() throws Exception {
    Manifest one = manifest(1);
    Manifest two = manifest(2);
    Manifest inner = index(one);
    Manifest top = index(inner, two);
    graph.walk(top.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).isEqualTo(digests(top, inner, one, two));
    assertThat(fetched).isEqualTo(digests(top, inner, one, two));
    visited.clear();
    new ManifestGraph(entry -> Optional.of(stored.get(entry.digest())))
        .walkChildrenFirst(
            top, new ManifestBudget(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).isEqualTo(digests(one, inner, two, top));
  }

  @Test
  void fetchesADigestOnceHoweverOftenItIsListed() throws Exception {
    Manifest one = manifest(1);
    Manifest twice = index(one, one);
    Manifest top = index(twice, one, twice, twice);
    graph.walk(top.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    graph.walk(twice.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(fetched).isEqualTo(digests(top, twice, one));
    assertThat(visited).isEqualTo(digests(top, twice, one));
  }

  @Test
  void tellsWhatRefersToAManifest() throws Exception {
    Manifest one = manifest(1);
    Descriptor entry =
        new Descriptor(
            one.mediaType(), one.digest(), 5, Optional.of(Platform.parse("linux/arm")), Map.of());
    List<Descriptor> entries = new ArrayList<>();
    graph.walk(entry, (found, manifest) -> entries.add(found));
    assertThat(entries).containsExactly(entry);
    assertThat(entries.getFirst().platform()).contains(Platform.parse("linux/arm"));
  }

  /** No digest can be its own ancestor; a fetcher that does not check digests may pretend it. */
  @Test
  void endsInACycle() throws Exception {
    Manifest one = manifest(1);
    Manifest loop = index(one);
    stored.put(one.digest(), loop);
    graph.walk(loop.descriptor(), (entry, manifest) -> visited.add(entry.digest()));
    assertThat(visited).isEqualTo(digests(loop, one));
  }

  @Test
  void goesNoDeeperThanTheBound() throws Exception {
    Manifest deepest = manifest(1);
    Manifest top = deepest;
    for (int depth = 1; depth < ManifestGraph.MAX_DEPTH; depth++) {
      top = index(top);
    }
    graph.walk(top.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).hasSize(ManifestGraph.MAX_DEPTH);
    Manifest tooDeep = index(top);
    assertThatThrownBy(
            () -> new ManifestGraph(this::once).walk(tooDeep.descriptor(), (entry, m) -> {}))
        .isInstanceOf(InvalidContentException.class)
        .hasMessage("indexes are nested more than " + ManifestGraph.MAX_DEPTH + " deep");
    assertThat(fetched).as("what is too deep is not asked for").hasSize(4 + 4);
    assertThat(fetched.subList(4, 8)).doesNotContain(deepest.digest());
  }

  private Optional<Manifest> once(Descriptor entry) {
    fetched.add(entry.digest());
    return Optional.of(stored.get(entry.digest()));
  }

  @Test
  void boundsTheBytesOfEachWalk() throws Exception {
    String padding = " ".repeat(Manifest.LARGEST - 1000);
    Manifest[] large =
        IntStream.range(0, 5)
            .mapToObj(i -> store(text(manifest(i)) + padding))
            .toArray(Manifest[]::new);
    Manifest top = index(large);
    assertThatThrownBy(() -> graph.walk(top.descriptor(), (entry, manifest) -> {}))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("more than the " + ManifestBudget.MAX_BYTES + " bytes");
    ManifestGraph another = new ManifestGraph(this::once);
    for (Manifest one : large) {
      another.walk(one.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    }
    assertThat(visited).as("each walk has its own budget").hasSize(5);
  }

  @Test
  void boundsTheNumberOfManifests() {
    Manifest[] many =
        IntStream.rangeClosed(0, ManifestBudget.MAX_MANIFESTS)
            .mapToObj(this::emptyIndex)
            .toArray(Manifest[]::new);
    Manifest half = index(Arrays.copyOfRange(many, 0, many.length / 2));
    Manifest rest = index(Arrays.copyOfRange(many, many.length / 2, many.length));
    Manifest top = index(half, rest);
    assertThatThrownBy(
            () -> graph.walk(top, new ManifestBudget(), (entry, m) -> visited.add(m.digest())))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("more than the " + ManifestBudget.MAX_MANIFESTS + " manifests");
    assertThat(visited).hasSizeLessThanOrEqualTo(ManifestBudget.MAX_MANIFESTS + 1);
  }

  @Test
  void leavesOutWhatIsNotThereIfTheFetcherDoes() throws Exception {
    Manifest gone = manifest(1);
    Manifest here = manifest(2);
    Manifest top = index(gone, here);
    stored.remove(gone.digest());
    graph.walk(top.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).isEqualTo(digests(top, here));
    ManifestGraph strict =
        new ManifestGraph(
            entry -> {
              throw new IOException(entry.digest() + " is gone");
            });
    assertThatThrownBy(() -> strict.walk(top, new ManifestBudget(), (entry, manifest) -> {}))
        .hasMessage(gone.digest() + " is gone");
  }

  /** One that lists a sound image too deep hides nothing of it. */
  @Test
  void walksAgainWhatAFailedWalkDidNotEnd() throws Exception {
    Manifest one = manifest(1);
    Manifest sound = index(index(one), manifest(2));
    Manifest hostile = index(index(index(sound)));
    assertThatThrownBy(() -> graph.walk(hostile.descriptor(), (entry, manifest) -> {}))
        .isInstanceOf(InvalidContentException.class);
    graph.walk(sound.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).contains(sound.digest(), one.digest()).hasSize(4);
  }

  /** 30 million paths lead to the one manifest. */
  @Test
  void doesNotFollowEachPath() throws Exception {
    Manifest below = manifest(1);
    for (int depth = 1; depth < ManifestGraph.MAX_DEPTH; depth++) {
      Manifest[] same = new Manifest[310];
      Arrays.fill(same, below);
      below = index(same);
    }
    graph.walk(below.descriptor(), (entry, manifest) -> visited.add(manifest.digest()));
    assertThat(visited).hasSize(ManifestGraph.MAX_DEPTH);
  }

  private static List<Digest> digests(Manifest... manifests) {
    return List.of(manifests).stream().map(Manifest::digest).toList();
  }

  private Manifest manifest(int number) {
    return store(
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
        "digest":"sha256:%064x","size":2},"layers":[]}\
        """
            .formatted(number));
  }

  private Manifest emptyIndex(int number) {
    return store(
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],\
        "annotations":{"n":"%d"}}\
        """
            .formatted(number));
  }

  private Manifest index(Manifest... children) {
    List<String> entries = new ArrayList<>();
    for (Manifest child : children) {
      entries.add(
          "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
              .formatted(child.mediaType(), child.digest(), child.bytes().length));
    }
    return store(
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted("application/vnd.oci.image.index.v1+json", String.join(",", entries)));
  }

  private static String text(Manifest manifest) {
    return new String(manifest.bytes(), StandardCharsets.UTF_8);
  }

  private Manifest store(String json) {
    Manifest manifest = Manifest.parse(json.getBytes(StandardCharsets.UTF_8), "");
    stored.put(manifest.digest(), manifest);
    return manifest;
  }
}
