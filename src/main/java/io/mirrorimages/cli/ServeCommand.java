package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.report.Units;
import io.mirrorimages.serve.ArchiveServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An archive as a registry to pull from. */
@Command(
    name = "serve",
    description = "Serve an archive as a read-only registry, until interrupted.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private final PrintStream out;

  @Mixin private ArchiveOption archive;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5000",
      description =
          "Where to listen; port 0 takes a free one (default: ${DEFAULT-VALUE}, this machine"
              + " only).")
  private String listen;

  ServeCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress address = address();
    try (ArchiveReader reader = archive.open();
        ArchiveServer server = ArchiveServer.start(reader, address)) {
      out.println(
          "serving "
              + Units.count(reader.images().size(), "image")
              + " on http://"
              + address.getHostString()
              + ":"
              + server.address().getPort());
      out.flush();
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private InetSocketAddress address() {
    int colon = listen.lastIndexOf(':');
    try {
      int port = Integer.parseInt(listen.substring(colon + 1));
      return new InetSocketAddress(colon < 0 ? "127.0.0.1" : listen.substring(0, colon), port);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--listen takes HOST:PORT, as in 127.0.0.1:5000");
    }
  }
}
