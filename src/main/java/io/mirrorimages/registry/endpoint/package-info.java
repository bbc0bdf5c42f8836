/**
 * Images that several endpoints offer: mirrors, and the registry itself. Which is asked, which
 * comes next when one fails, and which resolved a tag.
 */
@NullMarked
package io.mirrorimages.registry.endpoint;

import org.jspecify.annotations.NullMarked;
