package io.mirrorimages.archive.format.docker;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files in the tar of a docker archive by their names. A layer that images share is there once,
 * and a symbolic link elsewhere ({@code ../<id>/layer.tar} of docker, {@code ../<id>.tar} of podman
 * and skopeo); every other link is refused.
 */
final class DockerFiles {
  private static final String LAYER = ".tar";

  private final Map<String, FileEntry> files = new HashMap<>();

  DockerFiles(ArchiveSource source) throws IOException {
    ArchiveErrors errors = source.errors();
    Map<String, FileEntry> links = new HashMap<>();
    for (FileEntry entry : source.entries()) {
      Optional<String> top = LayoutNames.top(entry.name());
      if (top.isPresent() && !(entry.name() + "/").startsWith(top.get() + "/")) {
        throw errors.hostile(
            entry.name(), "would be in the place of " + top.get() + " on some file systems");
      }
      FileEntry twin =
          switch (entry.kind()) {
            case FOLDER -> null;
            case FILE -> files.put(entry.name(), entry);
            case LINK -> links.put(entry.name(), entry);
          };
      if (twin != null) {
        throw errors.hostile(entry.name(), "is there twice");
      }
    }
    Map<String, FileEntry> linked = new HashMap<>();
    for (FileEntry link : links.values()) {
      FileEntry layer = layer(link);
      if (layer == null) {
        throw errors.hostile(link.name(), "is a link, and not to another layer of the archive");
      }
      linked.put(link.name(), layer);
    }
    for (Map.Entry<String, FileEntry> link : linked.entrySet()) {
      if (files.put(link.getKey(), link.getValue()) != null) {
        throw errors.hostile(link.getKey(), "is there twice");
      }
    }
  }

  /** The file, no link, that a link between layers leads to; null if it is another link. */
  private @Nullable FileEntry layer(FileEntry link) {
    if (link.target().isEmpty() || link.target().startsWith("/") || !isLayer(link.name())) {
      return null;
    }
    Deque<String> path = new ArrayDeque<>();
    int folder = link.name().lastIndexOf('/');
    String relative = (folder < 0 ? "" : link.name().substring(0, folder + 1)) + link.target();
    for (String component : relative.split("/")) {
      if (component.equals("..")) {
        if (path.pollLast() == null) {
          return null;
        }
      } else if (!component.isEmpty() && !component.equals(".")) {
        path.addLast(component);
      }
    }
    String name = String.join("/", path);
    return isLayer(name) ? files.get(name) : null;
  }

  private static boolean isLayer(String name) {
    return name.endsWith(LAYER);
  }

  /** {@link InvalidContentException} if there is no such file. */
  FileEntry get(String name) {
    FileEntry file = files.get(name);
    if (file == null) {
      throw new InvalidContentException(
          LayoutNames.DOCKER_MANIFEST + " names " + Text.quote(name) + ", which is not there");
    }
    return file;
  }

  boolean has(String name) {
    return files.containsKey(name);
  }
}
