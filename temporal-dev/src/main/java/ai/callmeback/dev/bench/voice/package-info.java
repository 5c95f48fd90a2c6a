/** Many calls at once against vendors without delay, beside a bare relay: what the voice path itself costs. */
@NullMarked
package ai.callmeback.dev.bench.voice;

import org.jspecify.annotations.NullMarked;
