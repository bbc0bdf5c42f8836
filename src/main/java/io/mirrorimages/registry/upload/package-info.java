/**
 * Blobs on their way into a registry (distribution-spec, "Push"): by mounts, by one PUT, or in
 * chunks that a later run can go on with.
 *
 * <pre>
 *   registry.RegistryTarget -- Uploads     decides how a blob goes; the engine closes the upload
 *     |-- MountedBlob                       there already, or mounted
 *     |-- SessionUpload                     one POST, one PUT
 *     `-- ChunkedUpload                     a session that state.OpenUploads keeps for a later run
 *          `-- ChunkSession                 one PATCH after the other
 *   all of them
 *     |-- UploadCalls                       the single requests
 *     `-- UploadRequests                    those under way; ends them when the run is stopped
 * </pre>
 */
@NullMarked
package io.mirrorimages.registry.upload;

import org.jspecify.annotations.NullMarked;
