import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Speaks OpenRosa as strictly as ODK Collect does: the same headers asked for, the same answers refused. */
final class OpenRosaDoor {
    static final int MOST_FILES = 100;
    final List<String> steps = new ArrayList<>();
    private final String base;
    private final String credentials;
    private final String deviceId;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

    OpenRosaDoor(String base, String device, String secret, String deviceId) {
        this.base = base.replaceAll("/+$", "");
        byte[] pair = (device + ":" + secret).getBytes(StandardCharsets.UTF_8);
        this.credentials = "Basic " + Base64.getEncoder().encodeToString(pair);
        this.deviceId = deviceId;
    }

    /** A door that does not keep to the protocol; the message says which step and why. */
    static final class Refused extends Exception {
        final int status;
        final String body;

        Refused(String message, int status, String body) {
            super(message);
            this.status = status;
            this.body = body;
        }
    }

    byte[] downloadForm(String formId, File media) throws Exception {
        Element listed = null;
        NodeList entries = document("formList", get(base + "/formList")).getElementsByTagNameNS("*", "xform");
        for (int at = 0; at < entries.getLength(); at++) {
            Element entry = (Element) entries.item(at);
            for (String needed : new String[] {"formID", "name", "downloadUrl"}) {
                if (text(entry, needed).isEmpty()) {
                    throw new Refused("formList: an entry has no " + needed + ", so the whole list is dropped", 0, "");
                }
            }
            listed = text(entry, "formID").equals(formId) ? entry : listed;
        }
        if (listed == null) {
            throw new Refused("formList: the form is not offered", 0, "");
        }
        byte[] xform = download("form", text(listed, "downloadUrl"), text(listed, "hash"));
        String manifest = text(listed, "manifestUrl");
        if (!manifest.isEmpty()) {
            downloadMedia(manifest, media);
        }
        return xform;
    }

    private void downloadMedia(String manifestUrl, File folder) throws Exception {
        NodeList files = document("manifest", get(manifestUrl)).getElementsByTagNameNS("*", "mediaFile");
        for (int at = 0; at < files.getLength(); at++) {
            Element file = (Element) files.item(at);
            String name = text(file, "filename");
            String hash = text(file, "hash");
            String url = text(file, "downloadUrl");
            if (name.isEmpty() || hash.length() <= 4 || url.isEmpty()) {
                throw new Refused("manifest: an entry is incomplete, so the whole manifest is dropped", 0, "");
            }
            boolean list = file.getAttribute("type").endsWith("ntityList");
            if (list && text(file, "integrityUrl").isEmpty()) {
                throw new Refused("manifest: an entity list has no integrityUrl", 0, "");
            }
            Files.write(new File(folder, new File(name).getName()).toPath(), download("media", url, list ? "" : hash));
        }
    }

    private byte[] download(String step, String url, String hash) throws Exception {
        HttpResponse<byte[]> response = get(url);
        steps.add(step + " " + response.statusCode());
        if (response.statusCode() != 200) {
            throw new Refused(step + ": status " + response.statusCode(), response.statusCode(), "");
        }
        if (!hash.isEmpty() && !hash.equals("md5:" + md5(response.body()))) {
            throw new Refused(step + ": the bytes do not have the announced hash", 200, "");
        }
        return response.body();
    }

    /** Sends an instance with its files, in several parts when the door announces a small limit. */
    HttpResponse<byte[]> submit(byte[] instance, Map<String, File> files) throws Exception {
        HttpRequest head = asked(submissionUrl()).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        HttpResponse<byte[]> welcome = send(head);
        steps.add("HEAD " + welcome.statusCode());
        if (welcome.statusCode() != 204) {
            throw new Refused("HEAD: status " + welcome.statusCode() + " instead of 204", welcome.statusCode(), "");
        }
        long limit = welcome.headers().firstValueAsLong("X-OpenRosa-Accept-Content-Length").orElse(10_000_000L);
        List<List<File>> parts = split(instance.length, files, limit);
        HttpResponse<byte[]> answer = null;
        for (int at = 0; at < parts.size(); at++) {
            answer = post(instance, parts.get(at), at < parts.size() - 1);
            steps.add("POST " + answer.statusCode());
            if (answer.statusCode() != 201 && answer.statusCode() != 202) {
                String body = new String(answer.body(), StandardCharsets.UTF_8);
                throw new Refused("POST: status " + answer.statusCode(), answer.statusCode(), body);
            }
        }
        return answer;
    }

    private static List<List<File>> split(long formSize, Map<String, File> files, long limit) {
        List<List<File>> parts = new ArrayList<>();
        List<File> part = new ArrayList<>();
        long size = formSize;
        for (File file : files.values()) {
            if (!part.isEmpty() && (size + file.length() > limit || part.size() >= MOST_FILES)) {
                parts.add(part);
                part = new ArrayList<>();
                size = formSize;
            }
            part.add(file);
            size += file.length();
        }
        parts.add(part);
        return parts;
    }

    private HttpResponse<byte[]> post(byte[] instance, List<File> files, boolean more) throws Exception {
        String boundary = "part-" + UUID.randomUUID();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(body, boundary, "xml_submission_file\"; filename=\"submission.xml", "text/xml; charset=UTF-8", instance);
        for (File file : files) {
            String name = file.getName() + "\"; filename=\"" + file.getName();
            part(body, boundary, name, "application/octet-stream", Files.readAllBytes(file.toPath()));
        }
        if (more) {
            part(body, boundary, "*isIncomplete*", "text/plain; charset=UTF-8", "yes".getBytes(StandardCharsets.UTF_8));
        }
        body.write(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        // A stream of unknown length goes out in chunks, as Collect may do.
        byte[] bytes = body.toByteArray();
        HttpRequest.BodyPublisher chunks = HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
        return send(asked(submissionUrl()).header("Content-Type", "multipart/form-data; boundary=" + boundary).POST(chunks).build());
    }

    private static void part(ByteArrayOutputStream body, String boundary, String name, String type, byte[] content)
            throws IOException {
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\nContent-Type: " + type
                + "\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        body.write(head.getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private String submissionUrl() {
        return withDevice(base + "/submission");
    }

    private String withDevice(String url) {
        String device = URLEncoder.encode(deviceId, StandardCharsets.UTF_8);
        return url + (url.contains("?") ? "&" : "?") + "deviceID=" + device;
    }

    private HttpResponse<byte[]> get(String url) throws Exception {
        return send(asked(withDevice(url)).GET().build());
    }

    private HttpRequest.Builder asked(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60))
                .header("X-OpenRosa-Version", "1.0").header("User-Agent", "Amparo-JavaRosa/1").header("Accept-Language", "es");
    }

    /** Credentials are shown only to a door that asks for them by Basic. */
    private HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        HttpResponse<byte[]> first = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        boolean challenged = first.headers().firstValue("WWW-Authenticate").orElse("").toLowerCase().startsWith("basic");
        if (first.statusCode() != 401 || !challenged) {
            return first;
        }
        HttpRequest again = HttpRequest.newBuilder(request, (name, value) -> true).header("Authorization", credentials).build();
        return http.send(again, HttpResponse.BodyHandlers.ofByteArray());
    }

    private Document document(String step, HttpResponse<byte[]> response) throws Exception {
        steps.add(step + " " + response.statusCode());
        if (response.statusCode() != 200) {
            throw new Refused(step + ": status " + response.statusCode(), response.statusCode(), "");
        }
        if (!response.headers().firstValue("X-OpenRosa-Version").isPresent()) {
            throw new Refused(step + ": the header X-OpenRosa-Version is missing", 200, "");
        }
        if (!response.headers().firstValue("Content-Type").orElse("").contains("text/xml")) {
            throw new Refused(step + ": not text/xml, so it is taken for a captive portal", 200, "");
        }
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(response.body()));
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().trim();
    }

    private static String md5(byte[] bytes) throws Exception {
        StringBuilder hex = new StringBuilder();
        for (byte one : MessageDigest.getInstance("MD5").digest(bytes)) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }
}
