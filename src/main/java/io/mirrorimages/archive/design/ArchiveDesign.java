package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.PlannedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Where everything of an archive will be, volume by volume: a function of its plan and spec, known
 * before anything is written. The same plan gives the same bytes.
 */
public final class ArchiveDesign {
  /** More volumes than anybody will carry; how many digits their numbers may have. */
  private static final int MOST_VOLUMES = Inventory.MOST_VOLUMES;

  private final ArchiveSpec spec;
  private final Optional<Inventory> base;
  private final List<String> ids;
  private final List<NamedImage> images;
  private final StoredBlobs stored;
  private final Map<Digest, Inventory.Blob> inBase;
  private final Map<Digest, Integer> volumeOf = new HashMap<>();
  private final List<VolumeContents> volumes = new ArrayList<>();

  /** As {@link #ArchiveDesign(List, ArchiveSpec, Stages)}, all at once. */
  public ArchiveDesign(List<PlannedImage> plan, ArchiveSpec spec) throws TransferException {
    this(plan, spec, Stages.one(plan.size()));
  }

  /**
   * {@link FailureKind#CORRUPT} if manifests contradict each other; {@link FailureKind#UNSUPPORTED}
   * if a blob does not fit into a volume.
   *
   * @param stages only an archive of one file can have several
   */
  public ArchiveDesign(List<PlannedImage> plan, ArchiveSpec spec, Stages stages)
      throws TransferException {
    this.spec = spec;
    this.images = NamedImage.of(plan);
    this.base = spec.base().map(Inventory::asBase);
    this.inBase = base.map(Inventory::byDigest).orElse(Map.of());
    this.stored = new StoredBlobs(plan, inBase.keySet());
    List<Integer> totals = stages.totals();
    this.ids = totals.stream().map(count -> id(NamedImage.of(plan.subList(0, count)))).toList();
    List<PlannedImage> firstPlan = plan.subList(0, totals.getFirst());
    List<NamedImage> first = NamedImage.of(firstPlan);
    StoredBlobs firstStored = new StoredBlobs(firstPlan, inBase.keySet());
    List<Batch> batches =
        spec.volumeSize().isPresent()
            ? packed(first, firstStored, spec.volumeSize().getAsLong())
            : List.of(Batch.of(first, firstStored));
    // In one file everything is in volume 1.
    for (int i = 0; i < batches.size() && batches.size() > 1; i++) {
      int volume = i + 1;
      batches.get(i).blobs().forEach(blob -> volumeOf.put(blob, volume));
      batches.get(i).manifests().forEach(manifest -> volumeOf.putIfAbsent(manifest, volume));
    }
    // Of an archive without images there are no volumes.
    long inventory =
        batches.isEmpty() ? 0 : length(inventory(first, batches.size(), batches.size()));
    FrontRoom room =
        spec.volumeSize().isPresent() ? FrontRoom.NONE : FrontRoom.of(stages.room(), first);
    for (Batch batch : batches) {
      volumes.add(new VolumeContents(batch, firstStored, inventory, room));
    }
    for (int count : totals.subList(1, totals.size())) {
      List<PlannedImage> there = plan.subList(0, count);
      volumes.getFirst().grow(NamedImage.of(there), new StoredBlobs(there, inBase.keySet()));
    }
  }

  /** The inventory's length, with room for what it was made for. */
  private static long length(Inventory inventory) {
    return InventoryJson.of(inventory.madeFor("")).length();
  }

  /**
   * Whether the JSON files have room for all images; of those of the first stage they always have.
   */
  public boolean hasRoom() {
    return volumes.size() != 1 || volumes.getFirst().hasRoom(length(inventory(images, 1)));
  }

  /** Whether an archive of that id is this one, as any of the stages left it. */
  public boolean isStage(String id) {
    return ids.contains(id);
  }

  /** All images under the names they have in the archive, in plan order. */
  public List<NamedImage> images() {
    return images;
  }

  /** The volumes in their order; one if there is no limit, none if there are no images. */
  public List<VolumeContents> volumes() {
    return volumes;
  }

  /** Whether the blob is left out because the base has it. */
  public boolean isInBase(Digest blob) {
    return inBase.containsKey(blob) && !stored.manifests().containsKey(blob);
  }

  /** The size of all files together, in bytes. */
  public long size() {
    return volumes.stream().mapToLong(VolumeContents::size).sum();
  }

  /** What volume {@code number} says of the whole archive if it shows {@code shown}. */
  public Inventory inventory(List<NamedImage> shown, int number) {
    return inventory(shown, number, volumes.size());
  }

  private List<Batch> packed(List<NamedImage> images, StoredBlobs stored, long volumeSize)
      throws TransferException {
    long longest = length(inventory(images, MOST_VOLUMES, MOST_VOLUMES, blob -> MOST_VOLUMES));
    long metadata =
        TarLayout.END_MARKER
            + EntrySize.ofJson(LayoutNames.LAYOUT, LayoutJson.layout().length())
            + EntrySize.ofJson(LayoutNames.INVENTORY, longest)
            // The padding of both counts as one more block each.
            + EntrySize.ofJson(LayoutNames.INDEX, LayoutJson.index(List.of()).length())
            + EntrySize.ofJson(LayoutNames.DOCKER_MANIFEST, 2)
            + 2 * Region.BLOCK;
    if (metadata > volumeSize) {
      throw new TransferException(
          FailureKind.OPTION,
          "a volume of %d bytes is too small, %d are needed to say what the archive has: give a larger %s"
              .formatted(volumeSize, metadata, Setting.VOLUME_SIZE));
    }
    List<Batch> batches = VolumePacker.pack(images, stored, volumeSize - metadata, volumeSize);
    if (batches.size() > MOST_VOLUMES) {
      throw new TransferException(
          FailureKind.OPTION,
          "%d volumes are too many: give a larger %s"
              .formatted(batches.size(), Setting.VOLUME_SIZE));
    }
    return batches;
  }

  private Inventory inventory(List<NamedImage> shown, int number, int count) {
    return inventory(shown, number, count, count == 1 ? blob -> 1 : volumeOf::get);
  }

  private Inventory inventory(
      List<NamedImage> shown, int number, int count, ToIntFunction<Digest> volume) {
    Map<Digest, Inventory.Blob> blobs = new LinkedHashMap<>();
    List<Inventory.Image> listed = new ArrayList<>();
    Set<String> own = new HashSet<>();
    for (NamedImage image : shown) {
      Set<Digest> contents = new LinkedHashSet<>();
      for (Descriptor content : contents(image.image())) {
        Digest digest = content.digest();
        contents.add(digest);
        blobs.computeIfAbsent(
            digest,
            d ->
                isInBase(d)
                    ? inBase.get(d)
                    : new Inventory.Blob(
                        d, content.size(), volume.applyAsInt(d), Optional.empty()));
      }
      if (own.add(image.name() + " " + image.image().top().digest())) {
        listed.add(
            new Inventory.Image(
                image.name(),
                image.image().top().descriptor(),
                List.copyOf(contents),
                Optional.empty()));
      }
    }
    inBase.forEach(blobs::putIfAbsent);
    base.stream()
        .flatMap(earlier -> earlier.images().stream())
        .filter(image -> !own.contains(image.name() + " " + image.descriptor().digest()))
        .forEach(listed::add);
    return new Inventory(
        ids.getLast(),
        number,
        count,
        listed,
        List.copyOf(blobs.values()),
        Optional.empty(),
        base.map(Inventory::names).orElse(Map.of()));
  }

  private static List<Descriptor> contents(PlannedImage image) {
    List<Descriptor> contents = new ArrayList<>();
    image.manifests().forEach(manifest -> contents.add(manifest.descriptor()));
    contents.addAll(image.blobs());
    return contents;
  }

  /** Depends on everything that decides what the archive holds and where. */
  private String id(List<NamedImage> images) {
    StringBuilder text = new StringBuilder();
    text.append(spec.volumeSize().isPresent() ? spec.volumeSize().getAsLong() : "").append('\n');
    text.append(spec.base().map(Inventory::id).orElse("")).append('\n');
    for (NamedImage image : images) {
      text.append(image.name()).append(' ').append(image.image().top().digest()).append('\n');
    }
    return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }
}
