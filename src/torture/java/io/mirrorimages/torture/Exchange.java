package io.mirrorimages.torture;

import io.mirrorimages.image.Digest;
import io.mirrorimages.torture.Body.CutException;
import io.mirrorimages.torture.Body.RefusedException;
import io.mirrorimages.torture.Faults.Strike;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** One request on a line and its answer. */
final class Exchange {
  private final Line line;
  private final Head request;
  private final BufferedInputStream in;
  private final OutputStream out;
  private final boolean signed;
  private final Subject subject;
  private final boolean redirected;
  private final Optional<Strike> strike;
  private Optional<Transfer> transfer = Optional.empty();
  private String manifest = "";

  /**
   * One.
   *
   * @param signed whether it came to the address of the signed ones
   */
  Exchange(Line line, Head request, BufferedInputStream in, OutputStream out, boolean signed)
      throws IOException {
    this.line = line;
    this.request = request;
    this.in = in;
    this.out = out;
    this.signed = signed;
    this.subject =
        line.ledger()
            .sessions()
            .recognise(Subject.of(request.method(), request.target()), request, in);
    this.redirected =
        line.terms().signed() && !signed && subject.isBlob() && request.method().equals("GET");
    // A redirect has no body that something could befall.
    Subject fated =
        redirected
            ? new Subject("GET", Subject.Kind.OTHER, subject.repository(), subject.name())
            : subject;
    this.strike = line.faults().strike(line.terms().name() + signed, fated, further());
  }

  private Set<Fault> further() {
    Set<Fault> further = EnumSet.noneOf(Fault.class);
    if (signed) {
      further.add(Fault.SIGNATURE_EXPIRED);
    } else if (line.terms().tokens().isPresent()) {
      further.add(Fault.TOKENS_EXPIRED);
    }
    if (line.terms().brittle() && subject.isUpload() && request.method().equals("PATCH")) {
      further.add(Fault.BROKEN_CHUNK);
    }
    return further;
  }

  /** Whether the connection can be used again. */
  boolean run() throws IOException {
    if (signed && request.field("Authorization").isPresent()) {
      line.ledger().violation("a token went to a signed address: " + request.target());
    }
    if (subject.isUpload()) {
      transfer = Optional.of(line.ledger().begin(subject.name(), subject.way()));
    }
    return !befallen() && pass();
  }

  /** Whether its fate was decided before it reached the registry. */
  private boolean befallen() throws IOException {
    if (wasStruckBy(Fault.TOKENS_EXPIRED)) {
      line.terms().tokens().orElseThrow().forget();
      happened();
    }
    if (!signed && !isAllowed()) {
      transfer.ifPresent(t -> t.hitBy(Fault.TOKENS_EXPIRED));
      if (request.field("Authorization").isPresent() && !wasStruckBy(Fault.TOKENS_EXPIRED)) {
        line.faults().happened(Fault.TOKENS_EXPIRED);
        if (transfer.isEmpty() && subject.namesBlob()) {
          line.ledger().hit(subject.name());
        }
      }
      refuse(Reply.wantsToken(line.name()));
      return true;
    }
    if (line.ledger().sessions().isDead(request)) {
      transfer.ifPresent(t -> t.hitBy(Fault.BROKEN_CHUNK));
      refuse(Reply.deadSession());
      return true;
    }
    if (strike.isEmpty()) {
      return false;
    }
    return switch (strike.get().fault()) {
      case CUT_AT_ONCE -> {
        happened();
        throw new CutException();
      }
      case TOO_MANY -> refuse(Reply.tooMany());
      case TOO_MANY_FOR_NOW -> refuse(Reply.tooMany("Retry-After: 1"));
      case SERVER_ERROR -> refuse(Reply.serverError(strike.get().side() >>> 10));
      case WEB_PAGE -> refuse(Reply.webPage());
      case SIGNATURE_EXPIRED -> refuse(Reply.expired());
      case INTERIM, SLOW_HEAD, NO_STATUS -> nonsense(strike.get());
      default -> false;
    };
  }

  private boolean nonsense(Strike what) throws IOException {
    happened();
    switch (what.fault()) {
      case INTERIM -> Nonsense.interim(out, line.terms().stall());
      case SLOW_HEAD -> Nonsense.slowHead(out, line.terms().stall());
      default -> Nonsense.noStatus(out, what.side() >>> 10);
    }
    throw new CutException();
  }

  private boolean wasStruckBy(Fault fault) {
    return strike.filter(s -> s.is(fault)).isPresent();
  }

  private boolean isAllowed() {
    return line.terms().tokens().isEmpty()
        || request.target().startsWith("/token")
        || line.terms().tokens().get().allow(request.field("Authorization").orElse(""));
  }

  private boolean refuse(Reply reply) throws IOException {
    strike.filter(s -> reply.status() != 401).ifPresent(s -> happened());
    // A server may read what is sent before it refuses, or hang up at once.
    if (request.length() > 0 && strike.map(s -> s.bit(1)).orElse(true)) {
      new Body(line, transfer, Optional.empty())
          .pass(in, OutputStream.nullOutputStream(), request.length());
    }
    answer(
        reply.repeating(
            request.target() + ", " + request.field("Authorization").orElse("") + "\u009b31m"));
    return true;
  }

  private void answer(Reply reply) throws IOException {
    out.write(reply.bytes(request.method()));
    out.flush();
  }

  private void happened() {
    Fault fault = strike.orElseThrow().fault();
    line.faults().happened(fault);
    if (transfer.isPresent()) {
      transfer.get().hitBy(fault);
    } else if (subject.namesBlob()) {
      line.ledger().hit(subject.name());
    } else if (subject.kind() == Subject.Kind.UPLOAD) {
      line.ledger().hitUnknownUpload();
    }
  }

  private boolean pass() throws IOException {
    if (request.target().startsWith("/token")) {
      answer(Reply.token(line.terms().tokens().orElseThrow().issue()));
      return false;
    }
    if (redirected) {
      String where =
          "http://127.0.0.1:"
              + line.storagePort()
              + request.target()
              + "?signature="
              + Tool.SECRET
              + line.name();
      answer(Reply.redirect(where));
      return false;
    }
    try (Socket registry =
        new Socket(InetAddress.getLoopbackAddress(), line.terms().registryPort())) {
      registry.setTcpNoDelay(true);
      return pass(registry);
    }
  }

  private boolean pass(Socket registry) throws IOException {
    OutputStream up = registry.getOutputStream();
    up.write(
        request
            .with("Connection", "close")
            .at(request.target().replaceFirst("\\?signature=.*", ""))
            .bytes());
    boolean whole = sendBody(up);
    InputStream down = new BufferedInputStream(registry.getInputStream(), 64 * 1024);
    Head answer = Head.read(down).orElseThrow(() -> new IOException("no answer"));
    note(answer);
    if (wasStruckBy(Fault.LOST_ANSWER)) {
      happened();
      throw new CutException();
    }
    boolean body = !request.method().equals("HEAD") && answer.length() > 0;
    boolean again = passAnswer(answer, down, body) && whole;
    transfer.filter(t -> answer.status() < 300).ifPresent(Transfer::complete);
    return again;
  }

  /** Whether all of it was taken. */
  private boolean sendBody(OutputStream up) throws IOException {
    if (request.length() == 0) {
      return true;
    }
    InputStream from = in;
    if (line.terms().isTarget() && subject.isManifest()) {
      byte[] bytes = in.readNBytes((int) request.length());
      if (bytes.length == request.length()) {
        line.ledger().arrives(subject.repository(), subject.name(), bytes);
        manifest = Digest.sha256(bytes).toString();
      }
      from = new ByteArrayInputStream(bytes);
    }
    try {
      body(
              transfer,
              f ->
                  f.is(Fault.FLIP, Fault.CUT_REQUEST, Fault.BROKEN_CHUNK) || isStall(f) && f.bit(2))
          .pass(from, up, request.length());
      up.flush();
      return true;
    } catch (RefusedException e) {
      // It answers without having read all: that answer is what counts.
      return false;
    }
  }

  private static boolean isStall(Strike strike) {
    return strike.is(Fault.STALL_LONG, Fault.STALL_SHORT);
  }

  /** What befalls a body, if it is of that kind. */
  private Body body(Optional<Transfer> counted, Predicate<Strike> kind) {
    Optional<Strike> mine = strike.filter(kind);
    mine.ifPresent(s -> happened());
    if (mine.filter(s -> s.is(Fault.BROKEN_CHUNK)).isPresent()) {
      line.ledger().sessions().die(request);
    }
    return new Body(line, counted, mine);
  }

  private void note(Head answer) {
    if (!line.terms().isTarget() || answer.status() != 201) {
      return;
    }
    String digest = subject.isManifest() ? manifest : subject.name();
    line.ledger().stored(subject.repository(), digest);
  }

  /** Whether the connection can be used again. */
  private boolean passAnswer(Head answer, InputStream down, boolean body) throws IOException {
    boolean blob = subject.isBlob() && body && answer.status() < 300;
    if (blob) {
      transfer = Optional.of(line.ledger().begin(subject.name(), Transfer.Way.DOWNLOAD));
    }
    if (strike.filter(s -> isStall(s) && (request.length() == 0 || !s.bit(2))).isPresent()
        && !body) {
      stallBeforeAnswer();
    }
    boolean close = strike.filter(s -> s.bit(3)).isPresent() || wasStruckBy(Fault.SILENT_CLOSE);
    boolean told = close && !wasStruckBy(Fault.SILENT_CLOSE);
    Head head = answer.with("Connection", told ? "close" : "keep-alive");
    if (close && !told) {
      line.faults().happened(Fault.SILENT_CLOSE);
      // Whatever meets the closed connection next: more of a body than can be repeated may be gone.
      line.ledger().hitUnknownUpload();
    }
    line.blackout().hold();
    if (!body) {
      out.write(head.bytes());
      out.flush();
      return !close;
    }
    long length = answer.length();
    if (blob && wasStruckBy(Fault.SHORT_LENGTH)) {
      length = strike.get().at(length);
      happened();
      head = head.with("Content-Length", Long.toString(length));
      close = true;
    }
    out.write(head.bytes());
    Body passed =
        body(
            blob ? transfer : Optional.empty(),
            s ->
                s.is(Fault.CUT_ANSWER, Fault.TRICKLE)
                    || blob && s.is(Fault.FLIP, Fault.SHORT_BODY)
                    || isStall(s) && (request.length() == 0 || !s.bit(2)));
    passed.pass(down, out, length);
    out.flush();
    if (blob) {
      transfer.ifPresent(Transfer::complete);
    }
    return !close;
  }

  private void stallBeforeAnswer() throws IOException {
    happened();
    boolean longer = strike.orElseThrow().is(Fault.STALL_LONG);
    long stall = line.terms().stall().toNanos();
    // What stores something is waited for longer.
    LockSupport.parkNanos(longer ? stall * (subject.isWrite() ? 7 : 5) / 2 : stall / 3);
    if (longer) {
      throw new CutException();
    }
  }
}
