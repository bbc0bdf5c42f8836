package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.disk.Fsync;
import io.mirrorimages.job.FolderCopy;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.PullLines;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that fills a folder, from registries or from an archive.
 *
 * @param command what the run is called
 * @param folder the folder
 * @param options those of the run
 * @param dryRun whether only the plan is wanted
 * @param out where the run is shown
 * @param err where hints go
 */
record FolderSave(
    String command,
    Path folder,
    RunOptions options,
    boolean dryRun,
    PrintStream out,
    PrintStream err) {

  /** Copies from registries, which are closed here, and gives the exit code. */
  int carryOut(List<ImageRequest> requests, MirrorOptions how, Registries from) throws IOException {
    FolderCopy copy = new FolderCopy(folder);
    try (StopSignal stop = options.stopSignal(err);
        Registries registries = from) {
      if (dryRun) {
        try (Mirror mirror = new Mirror(registries.asSource(), how, new PullLines(out))) {
          SourcePreflight preflight = SourcePreflight.of(registries::check, requests);
          return PlanExit.print(
              copy.plan(mirror, preflight.reachable()).with(preflight.failed()), out);
        }
      }
      try (Run run = Run.begin(command, requests, options, stop, out, err);
          Mirror mirror = new Mirror(registries.asSource(), how, run.listener())) {
        run.onStop(mirror::stop);
        run.onStop(registries::close);
        return hinting(
            run.carryOut(
                () -> {
                  SourcePreflight preflight = run.preflight(registries, requests);
                  List<ImageResult> results = new ArrayList<>(preflight.failed());
                  results.addAll(copy.results(mirror, preflight.reachable()));
                  return results;
                }));
      }
    }
  }

  /** Copies from an archive and gives the exit code. */
  int carryOut(List<ImageRequest> requests, MirrorOptions how, ArchiveReader from)
      throws IOException {
    FolderCopy copy = new FolderCopy(folder);
    if (dryRun) {
      try (Mirror mirror = new Mirror(from, how, RunListener.NONE)) {
        return PlanExit.print(copy.plan(mirror, requests), out);
      }
    }
    try (StopSignal stop = options.stopSignal(err);
        Run run = Run.begin(command, requests, options, stop, out, err);
        Mirror mirror = new Mirror(from, how, run.listener())) {
      run.onStop(mirror::stop);
      return hinting(run.carryOut(() -> copy.results(mirror, requests)));
    }
  }

  private int hinting(int exitCode) {
    if (Fsync.wasRefused()) {
      err.println(
          "mirror-images: the file system of "
              + folder
              + " brings no file to the disk on demand: run sync before it is unplugged");
    }
    return exitCode;
  }
}
