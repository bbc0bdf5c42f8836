package io.mirrorimages.benchmark;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The generated images that everything is measured on. The same seed and scale give the same bytes.
 */
final class Corpora {
  private static final String[] ARCHITECTURES = {"amd64", "arm64"};
  private static final int MIB = 1 << 20;

  private static final int MANY_IMAGES = 200;
  private static final int MANY_SHARED = 20;
  private static final long SMALLEST = 1024;
  private static final long LARGEST = 4 * MIB;

  private static final int LARGE_BLOBS = 4;
  private static final int LARGE_IMAGES = 6;
  private static final long LARGE_BYTES = 512L * MIB;

  private static final long HUGE_BYTES = 4096L * MIB;

  private static final long RANCHER_BYTES = 2_000_000_000L;
  private static final double RANCHER_SPREAD = 1.5;
  private static final int RANCHER_IMAGES = 120;

  private final Path folder;
  private final Random random;
  private final double scale;
  private final Path list;

  /**
   * A maker of corpora.
   *
   * @param folder where each gets a folder of its own
   * @param seed of all that is random
   * @param scale 1, or less for fewer images and smaller layers
   * @param list the image list that gives the names of {@code rancher}
   */
  Corpora(Path folder, long seed, double scale, Path list) {
    this.folder = folder;
    this.random = new Random(seed);
    this.scale = scale;
    this.list = list;
  }

  /** Makes the corpus of this name: many, large, rancher or huge. */
  Corpus make(String name) throws IOException {
    CorpusBuilder builder = new CorpusBuilder(name, new RegistryStorage(folder.resolve(name)));
    switch (name) {
      case "many" -> many(builder);
      case "large" -> large(builder);
      case "rancher" -> rancher(builder);
      case "huge" -> huge(builder);
      default -> throw new IllegalArgumentException("no corpus is called " + name);
    }
    return builder.build();
  }

  /** Two platforms each, which share their own layer; for each platform four of twenty bases. */
  private void many(CorpusBuilder builder) throws IOException {
    List<List<Descriptor>> shared = new ArrayList<>();
    for (int i = 0; i < ARCHITECTURES.length; i++) {
      shared.add(layers(builder, IntStream.range(0, MANY_SHARED).mapToLong(l -> anySize())));
    }
    int count = scaled(MANY_IMAGES);
    for (int i = 0; i < count; i++) {
      String repository = "team-" + i % 10 + "/app-" + i;
      Descriptor own = builder.storage().layer(anySize(), random);
      Descriptor[] platforms = new Descriptor[ARCHITECTURES.length];
      for (int p = 0; p < platforms.length; p++) {
        List<Descriptor> bases = shared.get(p);
        List<Descriptor> layers = new ArrayList<>();
        int first = i;
        IntStream.range(0, 4).forEach(l -> layers.add(bases.get((first + 5 * l) % MANY_SHARED)));
        layers.add(own);
        platforms[p] = builder.image(repository, repository, ARCHITECTURES[p], layers);
      }
      builder.tag(repository, "v1", builder.index(repository, platforms[0], platforms[1]));
    }
  }

  /** Log-uniform: as many from 1 to 2 KiB as from 2 to 4 MiB. */
  private long anySize() {
    return (long) (SMALLEST * Math.pow((double) LARGEST / SMALLEST, random.nextDouble()));
  }

  private void large(CorpusBuilder builder) throws IOException {
    long bytes = (long) (LARGE_BYTES * scale);
    List<Descriptor> layers =
        layers(builder, IntStream.range(0, LARGE_BLOBS).mapToLong(l -> bytes));
    for (int i = 0; i < LARGE_IMAGES; i++) {
      String repository = "models/model-" + i;
      List<Descriptor> own =
          List.of(layers.get(i % LARGE_BLOBS), layers.get((i + 1 + i / 4) % LARGE_BLOBS));
      builder.tag(repository, "v1", builder.image(repository, repository, "amd64", own));
    }
  }

  private void huge(CorpusBuilder builder) throws IOException {
    Descriptor layer = builder.storage().zeros((long) (HUGE_BYTES * scale));
    String repository = "models/huge";
    builder.tag(repository, "v1", builder.image(repository, repository, "amd64", List.of(layer)));
  }

  /**
   * Names spread over the list. Three of four images have two platforms; each has a base, two
   * common layers and one of its own.
   */
  private void rancher(CorpusBuilder builder) throws IOException {
    List<Reference> all = names();
    int count = Math.min(all.size(), scaled(RANCHER_IMAGES));
    int bases = 8;
    int common = 24;
    int own = IntStream.range(0, count).map(Corpora::platforms).sum();
    double[] weights =
        DoubleStream.generate(() -> Math.exp(RANCHER_SPREAD * random.nextGaussian()))
            .limit(bases + common + own)
            .toArray();
    double sum = DoubleStream.of(weights).sum();
    double unit = RANCHER_BYTES * scale / sum;
    List<Descriptor> layers =
        layers(
            builder,
            IntStream.range(0, weights.length)
                .mapToLong(i -> Math.max(SMALLEST, (long) (weights[i] * unit))));
    int next = bases + common;
    for (int i = 0; i < count; i++) {
      Reference name = all.get((int) ((long) i * all.size() / count));
      String repository = name.repository().path();
      String tag = name.tag().orElseThrow();
      Descriptor[] platforms = new Descriptor[platforms(i)];
      for (int p = 0; p < platforms.length; p++) {
        List<Descriptor> these =
            List.of(
                layers.get((i + 3 * p) % bases),
                layers.get(bases + (i + p) % common),
                layers.get(bases + (i * 7 + 5 + p) % common),
                layers.get(next++));
        platforms[p] = builder.image(repository, repository + ":" + tag, ARCHITECTURES[p], these);
      }
      builder.tag(
          repository,
          tag,
          platforms.length == 1
              ? platforms[0]
              : builder.index(repository, platforms[0], platforms[1]));
    }
  }

  private List<Reference> names() throws IOException {
    try {
      return ImageList.read(List.of(list.toString()), InputStream.nullInputStream()).references();
    } catch (ImageListException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int platforms(int image) {
    return image % 4 == 0 ? 1 : 2;
  }

  private List<Descriptor> layers(CorpusBuilder builder, LongStream sizes) throws IOException {
    List<Descriptor> layers = new ArrayList<>();
    for (long size : sizes.toArray()) {
      layers.add(builder.storage().layer(size, random));
    }
    return layers;
  }

  private int scaled(int count) {
    return Math.max(3, (int) Math.round(count * scale));
  }
}
