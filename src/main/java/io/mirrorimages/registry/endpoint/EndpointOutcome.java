package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.registry.client.BlobStream;

/**
 * Remembers how an endpoint served a blob: the next time the blob is requested, the others come
 * first. By one thread.
 *
 * @param blob which one
 * @param by the endpoint that sends it
 * @param strikes receives what speaks against the endpoint
 * @param record receives why the rest is read from another one
 * @param atEnd run when all has been read
 */
record EndpointOutcome(
    Descriptor blob,
    ResolvedEndpoint by,
    EndpointPenalties strikes,
    EndpointUsage record,
    Runnable atEnd)
    implements BlobStream.ReadOutcome {
  @Override
  public void ended() {
    atEnd.run();
  }

  @Override
  public void brokeOff(TransferException failure) {
    strikes.brokeOff(blob.digest(), by);
    record.refused(blob.digest().toString(), by, "broke off: " + failure.getMessage());
    by.health().brokeOff();
  }
}
