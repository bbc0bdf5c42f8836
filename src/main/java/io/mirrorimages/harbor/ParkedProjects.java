package io.mirrorimages.harbor;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Harbor where a project whose quota is used up gets nothing any more, while the others go on:
 * every further blob would be fetched, and refused again. Thread-safe.
 */
public final class ParkedProjects implements ImageTarget {
  private final ImageTarget target;
  private final Map<String, MirrorException> full = new ConcurrentHashMap<>();

  /** {@code target}, of which no project is known to be full. */
  public ParkedProjects(ImageTarget target) {
    this.target = target;
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    return target.digest(image);
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    return target.manifest(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return target.has(repository, blob);
  }

  @Override
  public Optional<MirrorException> refusal(PlannedImage image) {
    return target.refusal(image);
  }

  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    MirrorException known = full.get(ProjectNames.of(repository));
    if (known != null) {
      throw new MirrorException(Reason.QUOTA, known.getMessage(), known);
    }
    try {
      return new Upload(repository, target.begin(repository, blob, mountFrom));
    } catch (MirrorException e) {
      throw noted(repository, e);
    }
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    try {
      target.put(image, manifest);
    } catch (MirrorException e) {
      throw noted(image.repository(), e);
    }
  }

  private MirrorException noted(Repository repository, MirrorException e) {
    if (e.reason() != Reason.QUOTA) {
      return e;
    }
    String project = ProjectNames.of(repository);
    full.putIfAbsent(
        project,
        new MirrorException(
            Reason.QUOTA,
            "project " + project + " is full, and gets nothing more in this run: " + e.getMessage(),
            e));
    return full.get(project);
  }

  /** An upload that may be the one which is too much. */
  private final class Upload implements BlobUpload {
    private final Repository repository;
    private final BlobUpload upload;

    Upload(Repository repository, BlobUpload upload) {
      this.repository = repository;
      this.upload = upload;
    }

    @Override
    public boolean mounted() {
      return upload.mounted();
    }

    @Override
    public long kept() throws IOException {
      return upload.kept();
    }

    @Override
    public Optional<InputStream> keptBytes() throws IOException {
      return upload.keptBytes();
    }

    @Override
    public void discard() throws IOException {
      upload.discard();
    }

    @Override
    public void send(InputStream content) throws IOException {
      try {
        upload.send(content);
      } catch (MirrorException e) {
        throw noted(repository, e);
      }
    }

    @Override
    public void close() {
      upload.close();
    }
  }
}
