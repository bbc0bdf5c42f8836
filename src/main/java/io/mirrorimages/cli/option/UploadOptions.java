package io.mirrorimages.cli.option;

import io.mirrorimages.cli.option.value.ByteCount;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.cli.process.UserHome;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.state.StateFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of commands that send to a registry: how, and where it is kept how far they are. */
public final class UploadOptions {
  /** Less than a stopped run waits for it. */
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(2);

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Folder that keeps the progress of uploads for the next run (default:"
              + " $XDG_STATE_HOME/mirror-images or ~/.local/state/mirror-images).")
  private Path state;

  @Option(
      names = "--chunk-size",
      paramLabel = "SIZE",
      converter = ByteCount.RequestBody.class,
      defaultValue = "32MiB",
      description =
          "No request has more bytes of a blob, if the registry accepts chunks; on a slow line"
              + " requests are smaller (default: ${DEFAULT-VALUE}).")
  private long chunkSize;

  public Chunks chunks() {
    return Chunks.within(chunkSize, LONGEST_REQUEST);
  }

  /**
   * The uploads that earlier runs with this destination left open. The caller closes them. Without
   * a place to keep them the run does its work all the same, unless the place was asked for.
   *
   * @throws TransferException if another run is at work with them
   */
  public OpenUploads open(Destination destination, RunListener hints) throws TransferException {
    StateFolder folder = folder();
    try {
      return folder.openUploads(destination.toString());
    } catch (TransferException e) {
      throw e;
    } catch (IOException e) {
      if (state != null) {
        throw new UsageException("--state " + problem(folder, e) + ": name another folder");
      }
      hints.on(
          new RunEvent.Hint(
              "the state can't be kept in "
                  + problem(folder, e)
                  + ": if this run is interrupted, the next one begins large blobs again; name a"
                  + " folder with --state"));
      return OpenUploads.inMemory();
    }
  }

  /** Where it is kept how far uploads are. */
  public StateFolder folder() {
    return state == null
        ? StateFolder.ofUser(System.getenv(), UserHome.folder())
        : new StateFolder(state);
  }

  /** Whether the user named that place. */
  public boolean isFolderGiven() {
    return state != null;
  }

  /** The JDK's messages about files are often nothing but the name, of any part of the path. */
  private static String problem(StateFolder folder, IOException e) {
    String why =
        switch (e) {
          case FileAlreadyExistsException file -> file.getFile() + " is no folder";
          default -> ErrorWords.withoutFile(e);
        };
    return folder + " (" + why + ")";
  }
}
