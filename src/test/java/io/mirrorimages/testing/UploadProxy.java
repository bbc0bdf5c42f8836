package io.mirrorimages.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a registry, counts the bytes of uploads that reach it, and can stop, cut, or lose
 * the answer to one PATCH, counted from 1 on since the last {@link #forget}. Http only; requests
 * have a Content-Length, as the tool's have. Whoever waits here waits for an event, not for a time.
 */
public final class UploadProxy implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)\\r?$");
  private static final Pattern RANGE = Pattern.compile("(?im)^content-range: *(\\S+)\\r?$");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int PIECE = 16 * 1024;

  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> patches = new CopyOnWriteArrayList<>();
  private long sent;
  private int held;
  private long heldAfter;
  private boolean holding;
  private int cut;
  private long cutAfter;
  private int mute;

  /** One before {@code registry}, a {@code host:port}. */
  public UploadProxy(String registry) throws IOException {
    this.host = registry.substring(0, registry.indexOf(':'));
    this.port = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** {@code localhost:port}, as in image names. */
  public String name() {
    return "localhost:" + server.getLocalPort();
  }

  /** The bytes of all bodies of PATCH, and of PUT to an upload, that went on to the registry. */
  public synchronized long sent() {
    return sent;
  }

  /** The Content-Range of each PATCH. */
  public List<String> patches() {
    return List.copyOf(patches);
  }

  /** Counts from zero, and lets everything pass. */
  public synchronized void forget() {
    patches.clear();
    sent = 0;
    held = 0;
    holding = false;
    cut = 0;
    mute = 0;
    notifyAll();
  }

  /** Of this PATCH nothing goes on before {@link #forget}. */
  public void hold(int patch) {
    hold(patch, -1);
  }

  /** Of this PATCH no more than {@code bytes} of its body go on before {@link #forget}. */
  public synchronized void hold(int patch, long bytes) {
    held = patch;
    heldAfter = bytes;
  }

  /** Waits for the PATCH that is to be held. */
  public synchronized void awaitHeld() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holding) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new AssertionError("there were only these: " + patches);
      }
      wait(left);
    }
  }

  /**
   * This PATCH breaks, on both sides, after so many bytes of its body. The client learns of it when
   * the registry has done with it.
   */
  public synchronized void cut(int patch, long bytes) {
    cut = patch;
    cutAfter = bytes;
  }

  /** This PATCH goes on, and its answer is lost. */
  public synchronized void loseAnswer(int patch) {
    mute = patch;
  }

  /** All connections there are end, as if this host had died. */
  public void drop() {
    sockets.forEach(UploadProxy::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket registry = new Socket(host, port)) {
      sockets.add(registry);
      Connection connection = new Connection(client, registry);
      Thread.ofVirtual().start(connection::answers);
      connection.requests();
    } catch (IOException e) {
      // One side has hung up: so does the other.
    } finally {
      sockets.remove(client);
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket registry;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean muted;

    Connection(Socket client, Socket registry) {
      this.client = client;
      this.registry = registry;
    }

    void requests() throws IOException {
      InputStream in = new BufferedInputStream(client.getInputStream(), PIECE);
      OutputStream out = registry.getOutputStream();
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        boolean patch = head.startsWith("PATCH ");
        boolean counts = patch || head.startsWith("PUT ") && head.contains("/blobs/uploads/");
        int number = 0;
        if (patch) {
          patches.add(group(RANGE, head));
          number = patches.size();
          passOrWait(number, -1);
          muted = number == mute;
        }
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        body(in, out, Long.parseLong("0" + group(LENGTH, head)), counts, number);
        out.flush();
      }
    }

    private void body(InputStream in, OutputStream out, long length, boolean counts, int number)
        throws IOException {
      byte[] buffer = new byte[PIECE];
      for (long left = length; left > 0; ) {
        long wanted = Math.min(left, buffer.length);
        if (number > 0 && number == held && heldAfter >= 0) {
          wanted = Math.min(wanted, Math.max(1, heldAfter - (length - left)));
          if (length - left >= heldAfter) {
            out.flush();
            passOrWait(number, heldAfter);
          }
        }
        if (number > 0 && number == cut) {
          wanted = Math.min(wanted, cutAfter - (length - left));
          if (wanted <= 0) {
            out.flush();
            endBoth();
          }
        }
        int count = in.read(buffer, 0, (int) wanted);
        if (count < 0) {
          throw new IOException("the client hung up");
        }
        out.write(buffer, 0, count);
        left -= count;
        if (counts) {
          count(count);
        }
      }
    }

    /**
     * First the registry's side, and the client's when the registry is done with the request: else
     * the client's next request could overtake this one.
     */
    private void endBoth() throws IOException {
      muted = true;
      registry.shutdownOutput();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("cut");
    }

    void answers() {
      byte[] buffer = new byte[PIECE];
      try (client;
          registry) {
        InputStream in = registry.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int count = in.read(buffer); count >= 0 && !muted; count = in.read(buffer)) {
          out.write(buffer, 0, count);
        }
      } catch (IOException e) {
        // As above.
      } finally {
        sockets.remove(registry);
        over.countDown();
      }
    }
  }

  private synchronized void passOrWait(int number, long after) throws IOException {
    if (number != held || after != heldAfter) {
      return;
    }
    holding = true;
    notifyAll();
    try {
      while (holding) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private synchronized void count(long bytes) {
    sent += bytes;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    while (newlines < 2) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.write(c);
      newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    drop();
    forget();
  }
}
