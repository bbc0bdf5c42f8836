package io.mirrorimages.testing;

import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes an archive of generated images under real names, and the list of those names beside it:
 * {@code CorpusGenerator LIST IMAGES BYTES ARCHIVE NAMES}.
 */
public final class CorpusGenerator {
  private CorpusGenerator() {}

  /**
   * Generates.
   *
   * @param arguments the list that gives the names; how many images; how many bytes their layers
   *     have together, each counted once; the archive and the list to write
   */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    List<Reference> all =
        ImageList.read(List.of(arguments[0]), InputStream.nullInputStream()).references();
    // Spread over the list, which is sorted: many repositories, not many tags of a few.
    List<Reference> names =
        IntStream.range(0, count)
            .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
            .toList();
    Corpus corpus = new Corpus(names, Long.parseLong(arguments[2]));
    write(corpus, names, Path.of(arguments[3]));
    Files.write(Path.of(arguments[4]), names.stream().map(Reference::toString).toList());
  }

  private static void write(Corpus corpus, List<Reference> names, Path archive) throws Exception {
    Mirror.Options options =
        new Mirror.Options(4, PlatformFilter.ALL, new Retries(0, Duration.ZERO));
    try (Mirror mirror = new Mirror(corpus, options, RunListener.NONE)) {
      Plan plan = mirror.plan(names.stream().map(name -> new ImageRequest(name, name)).toList());
      try (ArchiveWriter writer = ArchiveWriter.create(archive, plan.images())) {
        for (ImageResult result : mirror.carryOut(plan, writer)) {
          if (result.status() != Status.COPIED) {
            throw new IllegalStateException(result.toString());
          }
        }
        writer.finish(plan.images());
      }
    }
  }
}
