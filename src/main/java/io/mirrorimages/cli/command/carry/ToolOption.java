package io.mirrorimages.cli.command.carry;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.job.carry.CarriedTool;
import io.mirrorimages.job.carry.Distribution;
import io.mirrorimages.job.carry.ToolFiles;
import io.mirrorimages.job.carry.ToolTarball;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for a far side that has no such tool yet. */
final class ToolOption {
  static final String NAME = "--with-tool";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Put this tool beside the archive, with SHA256SUMS and how to load: the far side needs"
              + " nothing else. FILE is a release tarball, as for another architecture (default:"
              + " what runs now, packed).")
  private @Nullable Path tarball;

  private Optional<ToolFiles> files = Optional.empty();
  private boolean delta;

  /** Whether this run has put the tool there. */
  private boolean placed;

  /** Whether all of it is beside a whole archive. */
  private boolean finished;

  /** The files that the archive has before the run, and which file of the disk each is. */
  private final Map<Path, Object> before = new TreeMap<>();

  boolean isGiven() {
    return tarball != null;
  }

  /** What is carried; empty if nothing is asked for. */
  Optional<CarriedTool> given() {
    return files.map(ToolFiles::tool);
  }

  /** Refuses, before any work, what is no such tool, and to write over another file. */
  void check(ArchiveSpec archive) throws IOException {
    if (tarball == null) {
      return;
    }
    ToolFiles wanted = new ToolFiles(archive.names(), tool(tarball));
    wanted.check();
    if (!OwnText.mayReplace(wanted.instructions(), LoadText.BEGIN)) {
      throw new UsageException(
          NAME
              + ": "
              + wanted.instructions()
              + " is another file, and is not written over: rename it first");
    }
    delta = archive.base().isPresent();
    for (Path file : archive.finished()) {
      before.put(file, key(file));
    }
    files = Optional.of(wanted);
  }

  private static CarriedTool tool(Path tarball) throws IOException {
    return tarball.toString().isEmpty()
        ? Distribution.running()
            .orElseThrow(
                () ->
                    new UsageException(
                        NAME
                            + ": this mirror-images does not run from an unpacked distribution:"
                            + " give the tarball of a release, "
                            + NAME
                            + "=mirror-images-VERSION-linux-ARCH.tar.gz"))
        : ToolTarball.open(tarball);
  }

  /** Bytes that are still to be written, at most. */
  long missingBytes() throws IOException {
    return files.isPresent() ? files.get().missingBytes() : 0;
  }

  /** Bytes of the file, at most; 0 if there is none. */
  long size() throws IOException {
    return files.isPresent() ? files.get().tool().largestSize() : 0;
  }

  /** Puts the tool beside an archive that is still to be made, so that its room is taken. */
  void put(JobListener listener) throws IOException {
    if (files.isPresent()) {
      placed = missingBytes() > 0;
      if (placed) {
        listener.note("putting " + files.get().toolFile() + " beside the archive");
      }
      files.get().putTool();
    }
  }

  /**
   * Puts beside a finished archive what is not there yet, after a check of the files that this run
   * did not write. If one of them is damaged, the run leaves nothing beside the archive.
   *
   * @param importer what nodes import the archive; empty if it is loaded into a registry
   */
  void finish(Optional<ImportedArchive> importer, JobListener listener) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    verify(files.get(), listener);
    if (missingBytes() > 0) {
      put(listener);
    }
    files.get().finish(LoadText.of(files.get(), delta, importer));
    finished = true;
  }

  private void verify(ToolFiles there, JobListener listener) throws IOException {
    List<Path> earlier = earlier();
    for (Path file : earlier) {
      listener.note("hashing " + file + ", which an earlier run made");
    }
    try {
      there.verify(earlier);
    } catch (TransferException e) {
      if (placed) {
        there.removeTool();
      }
      throw e;
    }
  }

  /** The files of the archive that were there before the run; those that it replaced are not. */
  private List<Path> earlier() throws IOException {
    List<Path> earlier = new ArrayList<>();
    for (Map.Entry<Path, Object> file : before.entrySet()) {
      // A run that replaces a file gives its name to another one.
      if (Files.exists(file.getKey()) && key(file.getKey()).equals(file.getValue())) {
        earlier.add(file.getKey());
      }
    }
    return earlier;
  }

  private static Object key(Path file) throws IOException {
    return Objects.requireNonNullElse(
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(), file);
  }

  /** The files beside the archive that are carried with it. */
  List<Path> carried() {
    return files.map(ToolFiles::carried).orElse(List.of());
  }

  /** Says what lies beside the archive, and what the far side needs. */
  void report(JobListener listener) throws IOException {
    if (!finished) {
      return;
    }
    ToolFiles there = files.orElseThrow();
    listener.note(
        "beside it: "
            + there.tool().fileName()
            + " ("
            + Units.bytes(Files.size(there.toolFile()))
            + "), "
            + there.names().checksums().getFileName()
            + ", "
            + there.instructions().getFileName()
            + ": carry them too, the last says how to begin");
    if (!there.tool().hasJava()) {
      listener.on(
          new RunEvent.Hint(
              "the far side needs a Java 25, which "
                  + there.tool().fileName()
                  + " does not have: "
                  + NAME
                  + "=mirror-images-VERSION-linux-ARCH.tar.gz, from the release, brings one"));
    }
  }
}
