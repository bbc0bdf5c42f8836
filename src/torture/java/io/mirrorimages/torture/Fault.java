package io.mirrorimages.torture;

/** A kind of trouble on the line, and the requests it can befall. */
enum Fault {
  CUT_AT_ONCE("connection cut before the answer"),
  CUT_REQUEST("connection cut in the request's body"),
  BROKEN_CHUNK("chunk broken off, and its upload session dead"),
  CUT_ANSWER("connection cut in the answer's body"),
  STALL_SHORT("stall shorter than the limit"),
  STALL_LONG("stall longer than the limit"),
  TOO_MANY("429"),
  TOO_MANY_FOR_NOW("429 with Retry-After"),
  SERVER_ERROR("5xx"),
  WEB_PAGE("web page with 200"),
  FLIP("byte flipped in a blob"),
  SHORT_LENGTH("blob and its Content-Length too short"),
  SHORT_BODY("blob shorter than its Content-Length"),
  LOST_ANSWER("answer lost after the commit"),
  TOKENS_EXPIRED("tokens expired"),
  SIGNATURE_EXPIRED("signed address expired"),
  TRICKLE("body that comes byte by byte"),
  SLOW_HEAD("head that comes byte by byte"),
  INTERIM("interim answers without end"),
  NO_STATUS("first line that is none"),
  SILENT_CLOSE("kept connection closed in silence");

  private final String text;

  Fault(String text) {
    this.text = text;
  }

  /** Whether it can befall a request, as far as the request alone decides. */
  boolean fits(Subject subject) {
    boolean download = subject.isBlob() && subject.method().equals("GET");
    return switch (this) {
      case FLIP -> download || subject.isUpload();
      case SHORT_LENGTH, SHORT_BODY -> download;
      case CUT_ANSWER, TRICKLE -> subject.method().equals("GET");
      case CUT_REQUEST -> subject.method().equals("PUT") || subject.method().equals("PATCH");
      case LOST_ANSWER -> subject.isWrite();
      // Where these can befall a request, its line says so.
      case TOKENS_EXPIRED, SIGNATURE_EXPIRED, BROKEN_CHUNK -> false;
      default -> true;
    };
  }

  /** How often it is chosen against others: bodies are few, and the others befall them too. */
  int weight() {
    return switch (this) {
      case CUT_REQUEST, CUT_ANSWER, FLIP, SHORT_LENGTH, SHORT_BODY, LOST_ANSWER -> 2;
      case SIGNATURE_EXPIRED, SILENT_CLOSE -> 4;
      // Where it can befall one at all, it is what the seed is about.
      case BROKEN_CHUNK -> 20;
      default -> 1;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
