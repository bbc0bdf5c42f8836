/**
 * Images that several endpoints offer: mirrors, and the registry itself. Which is asked, which
 * comes next when one fails, and who said what a tag means.
 */
@NullMarked
package io.mirrorimages.registry.endpoint;

import org.jspecify.annotations.NullMarked;
