package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/** Receives what happens on a {@link VendorSocket}, on its event loop. */
public interface SocketListener {

    /** The upgrade succeeded. */
    void onOpen(HttpHeaders response);

    /** A whole text message; the buffer is only valid during the call. */
    void onText(ByteBuf json);

    /**
     * The connection could not be made or is gone, and not by {@link VendorSocket#close}. Called once, last.
     */
    void onClosed(VendorFault fault);

    /** What a close frame of this vendor means; {@code code} is 1005 or 1006 if there was none. */
    VendorFault meaningOf(int code, String reason);
}
